#define _GNU_SOURCE
#include "CPDFium.h"

#include <dlfcn.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

typedef struct { float left, top, right, bottom; } rectangle;
typedef struct { float a, b, c, d, e, f; } matrix;
typedef struct vigie_pdfium_mark_t *mark;
typedef struct vigie_pdfium_font_t *font;
typedef struct vigie_pdfium_bitmap_t *bitmap;

// FPDF_LIBRARY_CONFIG of version 2: no XFA, no V8, no list of font folders but the empty one.
typedef struct {
  int version;
  const char **font_paths;
  void *isolate;
  unsigned int slot;
} configuration;

// The functions; those in the second part may be absent in an older library.
static struct {
  void (*init)(const configuration *);
  vigie_pdfium_document (*load)(const void *, size_t, const char *);
  unsigned long (*last_error)(void);
  void (*close)(vigie_pdfium_document);
  int (*page_count)(vigie_pdfium_document);
  vigie_pdfium_page (*load_page)(vigie_pdfium_document, int);
  void (*close_page)(vigie_pdfium_page);
  float (*page_width)(vigie_pdfium_page);
  float (*page_height)(vigie_pdfium_page);
  int (*rotation)(vigie_pdfium_page);
  vigie_pdfium_text (*load_text)(vigie_pdfium_page);
  void (*close_text)(vigie_pdfium_text);
  int (*count_chars)(vigie_pdfium_text);
  unsigned int (*unicode)(vigie_pdfium_text, int);
  double (*font_size)(vigie_pdfium_text, int);
  int (*origin)(vigie_pdfium_text, int, double *, double *);
  int (*loose_box)(vigie_pdfium_text, int, rectangle *);

  int (*crop_box)(vigie_pdfium_page, float *, float *, float *, float *);
  int (*media_box)(vigie_pdfium_page, float *, float *, float *, float *);
  int (*bounding_box)(vigie_pdfium_page, rectangle *);
  int (*is_generated)(vigie_pdfium_text, int);
  int (*has_map_error)(vigie_pdfium_text, int);
  int (*matrix)(vigie_pdfium_text, int, matrix *);
  vigie_pdfium_object (*text_object)(vigie_pdfium_text, int);
  int (*render_mode)(vigie_pdfium_object);
  font (*get_font)(vigie_pdfium_object);
  int (*glyph_width)(font, uint32_t, float, float *);
  int (*count_marks)(vigie_pdfium_object);
  mark (*get_mark)(vigie_pdfium_object, unsigned long);
  int (*mark_name)(mark, uint16_t *, unsigned long, unsigned long *);
  int (*count_objects)(vigie_pdfium_page);
  vigie_pdfium_object (*get_object)(vigie_pdfium_page, int);
  int (*object_type)(vigie_pdfium_object);
  int (*object_bounds)(vigie_pdfium_object, float *, float *, float *, float *);
  int (*count_form_objects)(vigie_pdfium_object);
  vigie_pdfium_object (*get_form_object)(vigie_pdfium_object, unsigned long);
  int (*flatten)(vigie_pdfium_page, int);
  int (*annotation_count)(vigie_pdfium_page);
  vigie_pdfium_annotation (*get_annotation)(vigie_pdfium_page, int);
  void (*close_annotation)(vigie_pdfium_annotation);
  int (*annotation_flags)(vigie_pdfium_annotation);
  int (*set_annotation_flags)(vigie_pdfium_annotation, int);
  bitmap (*create_bitmap)(int, int, int, void *, int);
  int (*fill)(bitmap, int, int, int, int, unsigned long);
  void (*render)(bitmap, vigie_pdfium_page, int, int, int, int, int, int);
  void (*destroy_bitmap)(bitmap);
} pdfium;

static int state = -1;
static char failure[256];

int vigie_pdfium_load(const char *path) {
  if (state >= 0) return state;
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    const char *reason = dlerror();
    strncpy(failure, reason != NULL ? reason : "", sizeof failure - 1);
    return VIGIE_PDFIUM_ABSENT;
  }
  const struct { void **function; const char *name; bool is_needed; } symbols[] = {
    {(void **)&pdfium.init, "FPDF_InitLibraryWithConfig", true},
    {(void **)&pdfium.load, "FPDF_LoadMemDocument64", true},
    {(void **)&pdfium.last_error, "FPDF_GetLastError", true},
    {(void **)&pdfium.close, "FPDF_CloseDocument", true},
    {(void **)&pdfium.page_count, "FPDF_GetPageCount", true},
    {(void **)&pdfium.load_page, "FPDF_LoadPage", true},
    {(void **)&pdfium.close_page, "FPDF_ClosePage", true},
    {(void **)&pdfium.page_width, "FPDF_GetPageWidthF", true},
    {(void **)&pdfium.page_height, "FPDF_GetPageHeightF", true},
    {(void **)&pdfium.rotation, "FPDFPage_GetRotation", true},
    {(void **)&pdfium.load_text, "FPDFText_LoadPage", true},
    {(void **)&pdfium.close_text, "FPDFText_ClosePage", true},
    {(void **)&pdfium.count_chars, "FPDFText_CountChars", true},
    {(void **)&pdfium.unicode, "FPDFText_GetUnicode", true},
    {(void **)&pdfium.font_size, "FPDFText_GetFontSize", true},
    {(void **)&pdfium.origin, "FPDFText_GetCharOrigin", true},
    {(void **)&pdfium.loose_box, "FPDFText_GetLooseCharBox", true},
    {(void **)&pdfium.crop_box, "FPDFPage_GetCropBox", false},
    {(void **)&pdfium.media_box, "FPDFPage_GetMediaBox", false},
    {(void **)&pdfium.bounding_box, "FPDF_GetPageBoundingBox", false},
    {(void **)&pdfium.is_generated, "FPDFText_IsGenerated", false},
    {(void **)&pdfium.has_map_error, "FPDFText_HasUnicodeMapError", false},
    {(void **)&pdfium.matrix, "FPDFText_GetMatrix", false},
    {(void **)&pdfium.text_object, "FPDFText_GetTextObject", false},
    {(void **)&pdfium.render_mode, "FPDFTextObj_GetTextRenderMode", false},
    {(void **)&pdfium.get_font, "FPDFTextObj_GetFont", false},
    {(void **)&pdfium.glyph_width, "FPDFFont_GetGlyphWidth", false},
    {(void **)&pdfium.count_marks, "FPDFPageObj_CountMarks", false},
    {(void **)&pdfium.get_mark, "FPDFPageObj_GetMark", false},
    {(void **)&pdfium.mark_name, "FPDFPageObjMark_GetName", false},
    {(void **)&pdfium.count_objects, "FPDFPage_CountObjects", false},
    {(void **)&pdfium.get_object, "FPDFPage_GetObject", false},
    {(void **)&pdfium.object_type, "FPDFPageObj_GetType", false},
    {(void **)&pdfium.object_bounds, "FPDFPageObj_GetBounds", false},
    {(void **)&pdfium.count_form_objects, "FPDFFormObj_CountObjects", false},
    {(void **)&pdfium.get_form_object, "FPDFFormObj_GetObject", false},
    {(void **)&pdfium.flatten, "FPDFPage_Flatten", false},
    {(void **)&pdfium.annotation_count, "FPDFPage_GetAnnotCount", false},
    {(void **)&pdfium.get_annotation, "FPDFPage_GetAnnot", false},
    {(void **)&pdfium.close_annotation, "FPDFPage_CloseAnnot", false},
    {(void **)&pdfium.annotation_flags, "FPDFAnnot_GetFlags", false},
    {(void **)&pdfium.set_annotation_flags, "FPDFAnnot_SetFlags", false},
    {(void **)&pdfium.create_bitmap, "FPDFBitmap_CreateEx", false},
    {(void **)&pdfium.fill, "FPDFBitmap_FillRect", false},
    {(void **)&pdfium.render, "FPDF_RenderPageBitmap", false},
    {(void **)&pdfium.destroy_bitmap, "FPDFBitmap_Destroy", false},
  };
  for (size_t index = 0; index < sizeof symbols / sizeof symbols[0]; index++) {
    *symbols[index].function = dlsym(library, symbols[index].name);
    if (*symbols[index].function == NULL && symbols[index].is_needed) {
      strncpy(failure, symbols[index].name, sizeof failure - 1);
      dlclose(library);
      return VIGIE_PDFIUM_UNFIT;
    }
  }
  // An empty list of folders: no font of the machine is looked for, so that no file is opened later.
  static const char *no_fonts[] = {NULL};
  const configuration chosen = {.version = 2, .font_paths = no_fonts};
  pdfium.init(&chosen);
  return state = VIGIE_PDFIUM_READY;
}

const char *vigie_pdfium_failure(void) { return failure; }

// MARK: Documents and pages

vigie_pdfium_document vigie_pdfium_open(const void *bytes, size_t count, unsigned long *error) {
  vigie_pdfium_document document = pdfium.load(bytes, count, NULL);
  *error = document == NULL ? pdfium.last_error() : 0;
  return document;
}

void vigie_pdfium_close(vigie_pdfium_document document) { pdfium.close(document); }

int vigie_pdfium_page_count(vigie_pdfium_document document) { return pdfium.page_count(document); }

vigie_pdfium_page vigie_pdfium_open_page(vigie_pdfium_document document, int index) {
  return pdfium.load_page(document, index);
}

void vigie_pdfium_close_page(vigie_pdfium_page page) { pdfium.close_page(page); }

void vigie_pdfium_page_box(vigie_pdfium_page page, float box[4], int *quarter_turns) {
  *quarter_turns = pdfium.rotation(page) & 3;
  rectangle found;
  // The bounding box is the crop box within the media box, those of parent nodes too.
  if (pdfium.bounding_box != NULL && pdfium.bounding_box(page, &found)) {
    box[0] = found.left, box[1] = found.bottom, box[2] = found.right, box[3] = found.top;
    return;
  }
  if (pdfium.crop_box != NULL && pdfium.crop_box(page, &box[0], &box[1], &box[2], &box[3])) return;
  if (pdfium.media_box != NULL && pdfium.media_box(page, &box[0], &box[1], &box[2], &box[3])) return;
  bool is_turned = *quarter_turns & 1;
  box[0] = box[1] = 0;
  box[2] = is_turned ? pdfium.page_height(page) : pdfium.page_width(page);
  box[3] = is_turned ? pdfium.page_width(page) : pdfium.page_height(page);
}

// FPDF_PAGEOBJ_IMAGE and FPDF_PAGEOBJ_FORM.
enum { IMAGE = 3, FORM = 5 };

// Objects that are looked at on one page to see whether it is an image.
enum { MAX_OBJECTS = 2000, MAX_DEPTH = 4 };

static void count(
    vigie_pdfium_object object, int depth, float area, int *budget, vigie_pdfium_objects *found) {
  if (object == NULL || --*budget < 0) return;
  int type = pdfium.object_type(object);
  if (type == IMAGE) {
    float left, bottom, right, top;
    found->image_count++;
    if (pdfium.object_bounds != NULL &&
        pdfium.object_bounds(object, &left, &bottom, &right, &top) && area > 0) {
      float share = (right - left) * (top - bottom) / area;
      if (share > found->image_share) found->image_share = share;
    }
  } else if (type == FORM && depth < MAX_DEPTH && pdfium.count_form_objects != NULL &&
             pdfium.get_form_object != NULL) {
    int inner = pdfium.count_form_objects(object);
    for (int index = 0; index < inner && *budget > 0; index++)
      count(pdfium.get_form_object(object, (unsigned long)index), depth + 1, area, budget, found);
  }
}

vigie_pdfium_objects vigie_pdfium_count_objects(vigie_pdfium_page page) {
  vigie_pdfium_objects found = {0};
  if (pdfium.count_objects == NULL || pdfium.get_object == NULL || pdfium.object_type == NULL)
    return found;
  float area = pdfium.page_width(page) * pdfium.page_height(page);
  int budget = MAX_OBJECTS;
  found.object_count = pdfium.count_objects(page);
  for (int index = 0; index < found.object_count && budget > 0; index++)
    count(pdfium.get_object(page, index), 0, area, &budget, &found);
  return found;
}

int vigie_pdfium_flatten(vigie_pdfium_page page) {
  // FPDFANNOT flags: 2 Hidden, 32 NoView; those are drawn too, for what is hidden is still said.
  enum { HIDDEN = 2, NO_VIEW = 32 };
  if (pdfium.flatten == NULL || pdfium.annotation_count == NULL || pdfium.get_annotation == NULL ||
      pdfium.close_annotation == NULL)
    return 0;
  int total = pdfium.annotation_count(page);
  for (int index = 0; index < total; index++) {
    vigie_pdfium_annotation annotation = pdfium.get_annotation(page, index);
    if (annotation == NULL) continue;
    if (pdfium.annotation_flags != NULL && pdfium.set_annotation_flags != NULL) {
      int flags = pdfium.annotation_flags(annotation);
      if (flags & (HIDDEN | NO_VIEW))
        pdfium.set_annotation_flags(annotation, flags & ~(HIDDEN | NO_VIEW));
    }
    pdfium.close_annotation(annotation);
  }
  // FLAT_NORMALDISPLAY; FLATTEN_SUCCESS is 1.
  return pdfium.flatten(page, 0) == 1;
}

// MARK: Drawing

int vigie_pdfium_draw(vigie_pdfium_page page, int width, int height, uint8_t *pixels) {
  // Source: fpdfview.h (FPDFBitmap_Gray, FPDF_ANNOT, FPDF_GRAYSCALE).
  enum { gray = 1, with_annotations = 0x01, in_gray = 0x08 };
  if (pdfium.create_bitmap == NULL || pdfium.fill == NULL || pdfium.render == NULL ||
      pdfium.destroy_bitmap == NULL)
    return 0;
  bitmap target = pdfium.create_bitmap(width, height, gray, pixels, width);
  if (target == NULL) return 0;
  pdfium.fill(target, 0, 0, width, height, 0xFFFFFFFFUL);
  pdfium.render(target, page, 0, 0, width, height, 0, with_annotations | in_gray);
  pdfium.destroy_bitmap(target);
  return 1;
}

// MARK: Text

vigie_pdfium_text vigie_pdfium_open_text(vigie_pdfium_page page) { return pdfium.load_text(page); }

void vigie_pdfium_close_text(vigie_pdfium_text text) { pdfium.close_text(text); }

int vigie_pdfium_character_count(vigie_pdfium_text text) { return pdfium.count_chars(text); }

static bool is_artifact(vigie_pdfium_object object) {
  static const char name[] = "Artifact";
  if (pdfium.count_marks == NULL || pdfium.get_mark == NULL || pdfium.mark_name == NULL)
    return false;
  // Marks nest; more than a few on one object are a trick, and the first ones are the outer ones.
  int total = pdfium.count_marks(object);
  for (int index = 0; index < total && index < 64; index++) {
    uint16_t buffer[sizeof name] = {0};
    unsigned long length = 0;
    mark found = pdfium.get_mark(object, (unsigned long)index);
    if (found == NULL || !pdfium.mark_name(found, buffer, sizeof buffer, &length)) continue;
    if (length != sizeof buffer) continue;
    size_t at = 0;
    while (at < sizeof name && buffer[at] == (uint16_t)name[at]) at++;
    if (at == sizeof name) return true;
  }
  return false;
}

// How a text object is drawn: one matrix, one font, one list of marks for all its characters.
typedef struct {
  uint32_t flags;
  // Points from 1 em along and across the baseline.
  float along, across;
  // The baseline runs along the x axis, or along the y axis.
  bool is_level, is_upright;
  float angle, size;
  matrix drawn;
} drawing;

static drawing drawing_of(vigie_pdfium_text text, int index, vigie_pdfium_object object) {
  drawing found = {.drawn = {1, 0, 0, 1, 0, 0}};
  if (object != NULL) {
    if (pdfium.render_mode != NULL && pdfium.render_mode(object) == 3)
      found.flags |= VIGIE_PDFIUM_INVISIBLE;
    if (is_artifact(object)) found.flags |= VIGIE_PDFIUM_ARTIFACT;
  }
  if (pdfium.matrix == NULL || !pdfium.matrix(text, index, &found.drawn))
    found.drawn = (matrix){1, 0, 0, 1, 0, 0};
  found.along = hypotf(found.drawn.a, found.drawn.b);
  found.across = hypotf(found.drawn.c, found.drawn.d);
  found.is_level = fabsf(found.drawn.b) < 0.01f * found.along;
  found.is_upright = fabsf(found.drawn.a) < 0.01f * found.along;
  found.angle = atan2f(found.drawn.b, found.drawn.a);
  found.size = (float)pdfium.font_size(text, index) * found.across;
  return found;
}

// The advance of a character. The loose box is as long as the advance only where the baseline runs
// along an axis; else it is the box around a turned box, and the width of the glyph must say it.
static float advance_of(
    vigie_pdfium_text text, int index, vigie_pdfium_object object, const drawing *how) {
  rectangle box = {0};
  if ((how->is_level || how->is_upright) && pdfium.loose_box(text, index, &box)) {
    float length = fabsf(how->is_level ? box.right - box.left : box.top - box.bottom);
    // An accent that is drawn over its letter moves nothing.
    if (length > 0 || how->is_level) return length;
  }
  float em = (float)pdfium.font_size(text, index);
  if (object != NULL && pdfium.get_font != NULL && pdfium.glyph_width != NULL) {
    float width = 0;
    font used = pdfium.get_font(object);
    if (used != NULL && pdfium.glyph_width(used, pdfium.unicode(text, index), em, &width) &&
        width > 0)
      return width * how->along;
  }
  // Half an em is the width of an average letter.
  return 0.5f * em * how->along;
}

int vigie_pdfium_characters(
    vigie_pdfium_text text, int start, int count, vigie_pdfium_character *characters) {
  vigie_pdfium_object last = NULL;
  drawing how = {0};
  vigie_pdfium_character *previous = NULL;
  int previous_index = 0;
  double last_x = 0, last_y = 0;
  for (int offset = 0; offset < count; offset++) {
    int index = start + offset;
    vigie_pdfium_character *character = &characters[offset];
    memset(character, 0, sizeof *character);
    character->scalar = pdfium.unicode(text, index);
    vigie_pdfium_object object =
        pdfium.text_object != NULL ? pdfium.text_object(text, index) : NULL;
    // What an object draws is not made up: the question is worth a tenth of all those about a character.
    if (object == NULL && pdfium.is_generated != NULL && pdfium.is_generated(text, index) == 1) {
      character->flags = VIGIE_PDFIUM_GENERATED;
      continue;
    }
    double x = 0, y = 0;
    pdfium.origin(text, index, &x, &y);
    character->x = (float)x, character->y = (float)y;
    if (object == NULL || object != last) {
      last = object;
      how = drawing_of(text, index, object);
    }
    character->flags = how.flags;
    if (pdfium.has_map_error != NULL && pdfium.has_map_error(text, index) == 1)
      character->flags |= VIGIE_PDFIUM_UNKNOWN;
    character->angle = how.angle;
    character->size = how.size;
    character->advance = advance_of(text, index, object, &how);
    // Several characters from one glyph (ligatures) or instead of others (/ActualText) have one
    // origin: they stand one behind the other. Those of a ligature have one box too.
    if (previous != NULL && x == last_x && y == last_y && how.along > 0) {
      rectangle box = {0}, last_box = {0};
      pdfium.loose_box(text, index, &box);
      pdfium.loose_box(text, previous_index, &last_box);
      character->x = previous->x + previous->advance * how.drawn.a / how.along;
      character->y = previous->y + previous->advance * how.drawn.b / how.along;
      if (box.left == last_box.left && box.top == last_box.top) character->advance = 0;
    }
    last_x = x, last_y = y;
    previous = character;
    previous_index = index;
  }
  return count;
}
