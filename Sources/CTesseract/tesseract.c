#define _GNU_SOURCE
#include "CTesseract.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

typedef struct vigie_ocr_engine_t *engine;
typedef struct vigie_ocr_monitor_t *monitor;
typedef struct vigie_ocr_result_t *result;
typedef struct vigie_ocr_position_t *position;

// Source: leptonica/pix.h (L_SEVERITY_NONE), leptonica/imageio.h (IFF_TIFF … IFF_TIFF_JPEG);
// tesseract/publictypes.h (PageIteratorLevel).
enum {
  no_messages = 6,
  first_tiff = 4, last_tiff = 10, tiff_jpeg = 17,
  paragraph = 1, line = 2, word = 3,
};

static struct {
  // Leptonica.
  int (*set_severity)(int);
  int (*read_head)(const uint8_t *, size_t, int *, int *, int *, int *, int *, int *);
  vigie_ocr_picture (*read)(const uint8_t *, size_t);
  vigie_ocr_picture (*read_tiff)(const uint8_t *, size_t, size_t *);
  int (*width)(vigie_ocr_picture);
  int (*height)(vigie_ocr_picture);
  vigie_ocr_picture (*rotate)(vigie_ocr_picture, int);
  vigie_ocr_picture (*flip)(vigie_ocr_picture, vigie_ocr_picture);
  vigie_ocr_picture (*to_gray)(vigie_ocr_picture, int);
  vigie_ocr_picture (*scale)(vigie_ocr_picture, float, float);
  void (*destroy)(vigie_ocr_picture *);
  // Tesseract.
  const char *(*version)(void);
  engine (*create)(void);
  int (*init)(engine, const char *, const char *);
  int (*set_variable)(engine, const char *, const char *);
  char **(*loaded)(engine);
  void (*delete_texts)(char **);
  void (*set_mode)(engine, int);
  void (*set_picture)(engine, vigie_ocr_picture);
  int (*recognize)(engine, monitor);
  void (*clear)(engine);
  monitor (*create_monitor)(void);
  void (*delete_monitor)(monitor);
  void (*set_deadline)(monitor, int);
  result (*results)(engine);
  void (*delete_results)(result);
  position (*position_of)(result);
  int (*starts)(position, int);
  int (*next)(result, int);
  char *(*text)(result, int);
  float (*confidence)(result, int);
  void (*delete_text)(const char *);
} ocr;

static int state = -1;
static engine reader;
static char failure[256];
static char languages[256];

static int fail(const char *reason, int code) {
  snprintf(failure, sizeof failure, "%s", reason != NULL ? reason : "");
  return state = code;
}

// Loads one library under the first of some names that is there.
static void *load(const char *const *names) {
  void *library = NULL;
  for (; *names != NULL && library == NULL; names++) library = dlopen(*names, RTLD_NOW | RTLD_LOCAL);
  return library;
}

static bool find(void *library, void **function, const char *name) {
  *function = dlsym(library, name);
  if (*function == NULL) fail(name, VIGIE_OCR_ABSENT);
  return *function != NULL;
}

static bool find_leptonica(void *library) {
  const struct { void **function; const char *name; } symbols[] = {
    {(void **)&ocr.set_severity, "setMsgSeverity"},
    {(void **)&ocr.read_head, "pixReadHeaderMem"},
    {(void **)&ocr.read, "pixReadMem"},
    {(void **)&ocr.read_tiff, "pixReadMemFromMultipageTiff"},
    {(void **)&ocr.width, "pixGetWidth"},
    {(void **)&ocr.height, "pixGetHeight"},
    {(void **)&ocr.rotate, "pixRotateOrth"},
    {(void **)&ocr.flip, "pixFlipLR"},
    {(void **)&ocr.to_gray, "pixConvertTo8"},
    {(void **)&ocr.scale, "pixScale"},
    {(void **)&ocr.destroy, "pixDestroy"},
  };
  for (size_t index = 0; index < sizeof symbols / sizeof symbols[0]; index++)
    if (!find(library, symbols[index].function, symbols[index].name)) return false;
  return true;
}

static bool find_tesseract(void *library) {
  const struct { void **function; const char *name; } symbols[] = {
    {(void **)&ocr.version, "TessVersion"},
    {(void **)&ocr.create, "TessBaseAPICreate"},
    {(void **)&ocr.init, "TessBaseAPIInit3"},
    {(void **)&ocr.set_variable, "TessBaseAPISetVariable"},
    {(void **)&ocr.loaded, "TessBaseAPIGetLoadedLanguagesAsVector"},
    {(void **)&ocr.delete_texts, "TessDeleteTextArray"},
    {(void **)&ocr.set_mode, "TessBaseAPISetPageSegMode"},
    {(void **)&ocr.set_picture, "TessBaseAPISetImage2"},
    {(void **)&ocr.recognize, "TessBaseAPIRecognize"},
    {(void **)&ocr.clear, "TessBaseAPIClear"},
    {(void **)&ocr.create_monitor, "TessMonitorCreate"},
    {(void **)&ocr.delete_monitor, "TessMonitorDelete"},
    {(void **)&ocr.set_deadline, "TessMonitorSetDeadlineMSecs"},
    {(void **)&ocr.results, "TessBaseAPIGetIterator"},
    {(void **)&ocr.delete_results, "TessResultIteratorDelete"},
    {(void **)&ocr.position_of, "TessResultIteratorGetPageIterator"},
    {(void **)&ocr.starts, "TessPageIteratorIsAtBeginningOf"},
    {(void **)&ocr.next, "TessResultIteratorNext"},
    {(void **)&ocr.text, "TessResultIteratorGetUTF8Text"},
    {(void **)&ocr.confidence, "TessResultIteratorConfidence"},
    {(void **)&ocr.delete_text, "TessDeleteText"},
  };
  for (size_t index = 0; index < sizeof symbols / sizeof symbols[0]; index++)
    if (!find(library, symbols[index].function, symbols[index].name)) return false;
  return true;
}

// Joins the languages that were loaded.
static void note_languages(void) {
  char **names = ocr.loaded(reader);
  if (names == NULL) return;
  size_t length = 0;
  for (char **name = names; *name != NULL && length < sizeof languages; name++) {
    int more = snprintf(languages + length, sizeof languages - length, "%s%s",
                        length > 0 ? "+" : "", *name);
    if (more > 0) length += (size_t)more;
  }
  ocr.delete_texts(names);
}

int vigie_ocr_load(const char *wanted) {
  if (state >= 0) return state;
  // Source: the sonames of Leptonica 1.82 to 1.84 and of Tesseract 5.
  static const char *const leptonicas[] = {"liblept.so.5", "libleptonica.so.6", NULL};
  static const char *const tesseracts[] = {"libtesseract.so.5", NULL};
  void *tesseract = load(tesseracts);
  if (tesseract == NULL) return fail("libtesseract.so.5 is not installed", VIGIE_OCR_ABSENT);
  void *leptonica = load(leptonicas);
  if (leptonica == NULL) return fail("liblept.so.5 is not installed", VIGIE_OCR_ABSENT);
  if (!find_leptonica(leptonica) || !find_tesseract(tesseract)) return state;
  ocr.set_severity(no_messages);
  reader = ocr.create();
  if (reader == NULL || ocr.init(reader, NULL, wanted) != 0)
    return fail("no model of a language is installed", VIGIE_OCR_NO_MODEL);
  note_languages();
  // What it says of a picture goes nowhere.
  ocr.set_variable(reader, "debug_file", "/dev/null");
  return state = VIGIE_OCR_READY;
}

const char *vigie_ocr_failure(void) { return failure; }

const char *vigie_ocr_version(void) { return ocr.version != NULL ? ocr.version() : ""; }

const char *vigie_ocr_languages(void) { return languages; }

// MARK: Pictures

int vigie_ocr_read_head(const void *bytes, size_t count, vigie_ocr_head *head) {
  int format = 0, bits = 0, samples = 0, has_colors = 0;
  memset(head, 0, sizeof *head);
  if (ocr.read_head(bytes, count, &format, &head->width, &head->height, &bits, &samples,
                    &has_colors) != 0) {
    return 0;
  }
  head->is_tiff = (format >= first_tiff && format <= last_tiff) || format == tiff_jpeg;
  return head->width > 0 && head->height > 0;
}

vigie_ocr_picture vigie_ocr_decode(const void *bytes, size_t count) { return ocr.read(bytes, count); }

vigie_ocr_picture vigie_ocr_decode_tiff(const void *bytes, size_t count, size_t *offset) {
  return ocr.read_tiff(bytes, count, offset);
}

void vigie_ocr_size(vigie_ocr_picture picture, int *width, int *height) {
  *width = ocr.width(picture);
  *height = ocr.height(picture);
}

void vigie_ocr_free(vigie_ocr_picture picture) { ocr.destroy(&picture); }

// The picture that takes the place of another; the other one where there is none.
static vigie_ocr_picture replaced(vigie_ocr_picture old, vigie_ocr_picture new) {
  if (new == NULL) return old;
  ocr.destroy(&old);
  return new;
}

vigie_ocr_picture vigie_ocr_turn(vigie_ocr_picture picture, int orientation) {
  // Source: EXIF 2.32 §4.6.4 A (Orientation): mirrored or not, and quarter turns clockwise.
  static const struct { int is_mirrored, turns; } ways[9] = {
    {0, 0}, {0, 0}, {1, 0}, {0, 2}, {1, 2}, {1, 3}, {0, 1}, {1, 1}, {0, 3},
  };
  if (orientation < 2 || orientation > 8) return picture;
  if (ways[orientation].is_mirrored) picture = replaced(picture, ocr.flip(NULL, picture));
  if (ways[orientation].turns == 0) return picture;
  return replaced(picture, ocr.rotate(picture, ways[orientation].turns));
}

vigie_ocr_picture vigie_ocr_scale(vigie_ocr_picture picture, float factor) {
  // Grey first: a picture of few colours would keep its edges.
  picture = replaced(picture, ocr.to_gray(picture, 0));
  return replaced(picture, ocr.scale(picture, factor, factor));
}

// MARK: Text

static void give(void (*take)(void *, const vigie_ocr_word *), void *context) {
  result results = ocr.results(reader);
  if (results == NULL) return;
  position place = ocr.position_of(results);
  do {
    char *text = ocr.text(results, word);
    if (text == NULL) continue;
    const vigie_ocr_word found = {
      .text = text,
      .confidence = ocr.confidence(results, word),
      .starts_line = ocr.starts(place, line),
      .starts_paragraph = ocr.starts(place, paragraph),
    };
    take(context, &found);
    ocr.delete_text(text);
  } while (ocr.next(results, word));
  ocr.delete_results(results);
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

int vigie_ocr_read(vigie_ocr_picture picture, int mode, int milliseconds,
                   void (*take)(void *, const vigie_ocr_word *), void *context) {
  int64_t end = now() + milliseconds;
  monitor deadline = ocr.create_monitor();
  if (deadline == NULL) return VIGIE_OCR_FAILED;
  ocr.set_mode(reader, mode);
  ocr.set_picture(reader, picture);
  ocr.set_deadline(deadline, milliseconds);
  int status = ocr.recognize(reader, deadline);
  // What was read before the time was over is worth having.
  give(take, context);
  ocr.delete_monitor(deadline);
  ocr.clear(reader);
  if (now() >= end) return VIGIE_OCR_LATE;
  return status == 0 ? VIGIE_OCR_DONE : VIGIE_OCR_FAILED;
}
