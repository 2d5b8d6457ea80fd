// What Vigie calls of Tesseract and of Leptonica, the libraries that read what is drawn in a picture.
// They are loaded when the program runs, so that nothing has to be there when it is built. The
// prototypes are our own; the facts are those of their public interfaces (tesseract/capi.h,
// leptonica/allheaders.h).
//
// One thread of a process may use it.

#ifndef VIGIE_CTESSERACT_H
#define VIGIE_CTESSERACT_H

#include <stddef.h>
#include <stdint.h>

typedef struct vigie_ocr_picture_t *vigie_ocr_picture;

// Whether text can be read, or why it cannot.
enum {
  VIGIE_OCR_READY = 0,
  // A library could not be loaded or lacks a function; vigie_ocr_failure says why.
  VIGIE_OCR_ABSENT = 1,
  // No model of the languages can be loaded.
  VIGIE_OCR_NO_MODEL = 2,
};

// Loads the libraries and the models of some languages, such as "fra+eng"; those that are missing
// are left out. A second call returns what the first one found.
int vigie_ocr_load(const char *languages);
// Why the libraries could not be loaded; an empty string where they were.
const char *vigie_ocr_failure(void);
// The version of Tesseract; an empty string where it is absent.
const char *vigie_ocr_version(void);
// The languages that were loaded, joined by '+'; an empty string for none.
const char *vigie_ocr_languages(void);

// What the head of a picture says of it.
typedef struct {
  // Pixels; both 0 where the kind of picture is unknown.
  int width, height;
  // Whether it may hold several pictures (TIFF).
  int is_tiff;
} vigie_ocr_head;

// Reads the head of a picture: PNG, JPEG, TIFF, GIF, BMP, WebP, PNM; whether it could be read.
int vigie_ocr_read_head(const void *bytes, size_t count, vigie_ocr_head *head);

// Decodes a picture; NULL where it cannot be.
vigie_ocr_picture vigie_ocr_decode(const void *bytes, size_t count);
// Decodes one picture of a TIFF and moves `offset`, which is 0 at first, to the next one; `offset` is
// 0 again after the last.
vigie_ocr_picture vigie_ocr_decode_tiff(const void *bytes, size_t count, size_t *offset);
// The size of a picture, pixels.
void vigie_ocr_size(vigie_ocr_picture picture, int *width, int *height);
// A picture that is turned so that a person sees it upright, by the orientation of its EXIF data (1 to
// 8); the picture that is given ends.
vigie_ocr_picture vigie_ocr_turn(vigie_ocr_picture picture, int orientation);
// A picture that is `factor` times as wide and as high; the picture that is given ends.
vigie_ocr_picture vigie_ocr_scale(vigie_ocr_picture picture, float factor);
void vigie_ocr_free(vigie_ocr_picture picture);

// How text is looked for.
enum {
  // Columns and blocks of lines, as on a page.
  VIGIE_OCR_PAGE = 3,
  // Words anywhere, in no order.
  VIGIE_OCR_SPARSE = 11,
};

// How reading ended.
enum {
  VIGIE_OCR_DONE = 0,
  // It could not be begun, or it failed.
  VIGIE_OCR_FAILED = 1,
  // The time was over; what was read before can be had.
  VIGIE_OCR_LATE = 2,
};

// A word, as the reader sees it.
typedef struct {
  // UTF-8, valid during the call.
  const char *text;
  // 0 to 100.
  float confidence;
  // Whether it is the first of its line, and of its paragraph.
  int starts_line, starts_paragraph;
} vigie_ocr_word;

// Reads a picture and gives its words in order.
int vigie_ocr_read(vigie_ocr_picture picture, int mode, int milliseconds,
                   void (*take)(void *context, const vigie_ocr_word *word), void *context);

#endif
