// What Vigie calls of PDFium, which comes as a shared library without headers and is loaded when the
// program runs. The prototypes are our own; the facts are those of PDFium's public interface
// (fpdfview.h, fpdf_text.h, fpdf_edit.h, fpdf_annot.h, fpdf_flatten.h, fpdf_transformpage.h).
//
// PDFium is not safe for threads: one thread of a process may use it.

#ifndef VIGIE_CPDFIUM_H
#define VIGIE_CPDFIUM_H

#include <stddef.h>
#include <stdint.h>

typedef struct vigie_pdfium_document_t *vigie_pdfium_document;
typedef struct vigie_pdfium_page_t *vigie_pdfium_page;
typedef struct vigie_pdfium_text_t *vigie_pdfium_text;
typedef struct vigie_pdfium_object_t *vigie_pdfium_object;
typedef struct vigie_pdfium_annotation_t *vigie_pdfium_annotation;

// FPDF_LoadMemDocument64 failed because of a password, or of a handler that PDFium lacks
// (FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY).
enum { VIGIE_PDFIUM_PASSWORD = 4, VIGIE_PDFIUM_SECURITY = 5 };

// A character of a page in the order of the content.
typedef struct {
  // The origin of the glyph on its baseline, points, in the space of the page before its rotation.
  float x, y;
  // How far the glyph moves along its baseline, points.
  float advance;
  // The height of the font as it is drawn, points.
  float size;
  // The direction of the baseline, radians, counterclockwise.
  float angle;
  // The Unicode scalar, half of a surrogate pair, 0xFFFE or 0x2 for a hyphen at the end of a line.
  uint32_t scalar;
  // VIGIE_PDFIUM_… flags.
  uint32_t flags;
} vigie_pdfium_character;

enum {
  // PDFium made it up: a space or a line break between two characters.
  VIGIE_PDFIUM_GENERATED = 1,
  // It lies in content marked as /Artifact: page furniture, no content.
  VIGIE_PDFIUM_ARTIFACT = 2,
  // It is drawn in no way at all (text render mode 3): the layer of an OCR.
  VIGIE_PDFIUM_INVISIBLE = 4,
  // The font does not say which letter it is: the scalar is a guess.
  VIGIE_PDFIUM_UNKNOWN = 8,
};

// What is drawn on a page, counted up to a limit.
typedef struct {
  // Objects on the page, of any kind.
  int object_count;
  // Images, those in forms too.
  int image_count;
  // The greatest share of the page that one image covers, 0 to 1.
  float image_share;
} vigie_pdfium_objects;

// Whether PDFium can be used, or why it cannot.
enum {
  VIGIE_PDFIUM_READY = 0,
  // The library could not be loaded; vigie_pdfium_failure says why.
  VIGIE_PDFIUM_ABSENT = 1,
  // The library lacks a function without which no text can be read.
  VIGIE_PDFIUM_UNFIT = 2,
};

// Loads the library from a path and starts it. A second call returns what the first one found.
int vigie_pdfium_load(const char *path);
// Why the library could not be loaded; an empty string where it was.
const char *vigie_pdfium_failure(void);

// Opens a document that stays in memory until it is closed; NULL and an FPDF_ERR_… on failure.
vigie_pdfium_document vigie_pdfium_open(const void *bytes, size_t count, unsigned long *error);
void vigie_pdfium_close(vigie_pdfium_document document);
int vigie_pdfium_page_count(vigie_pdfium_document document);

// Opens a page by its index; NULL where it cannot be read.
vigie_pdfium_page vigie_pdfium_open_page(vigie_pdfium_document document, int index);
void vigie_pdfium_close_page(vigie_pdfium_page page);
// The visible box of a page before its rotation, and the rotation in quarter turns clockwise.
void vigie_pdfium_page_box(vigie_pdfium_page page, float box[4], int *quarter_turns);
// Counts the objects of a page, at most some thousand, forms opened to a small depth.
vigie_pdfium_objects vigie_pdfium_count_objects(vigie_pdfium_page page);
// Draws the annotations into the content of a page, hidden ones too; whether there were any.
// The page has to be closed and opened again to see them.
int vigie_pdfium_flatten(vigie_pdfium_page page);

// Draws a page with its annotations in grey, as a person sees it: white where nothing is drawn, one byte
// a pixel, `width` bytes a row; whether it could be drawn.
int vigie_pdfium_draw(vigie_pdfium_page page, int width, int height, uint8_t *pixels);

// Reads the text of a page; NULL where it cannot be.
vigie_pdfium_text vigie_pdfium_open_text(vigie_pdfium_page page);
void vigie_pdfium_close_text(vigie_pdfium_text text);
int vigie_pdfium_character_count(vigie_pdfium_text text);
// Fills in the characters from an index on; the number of them.
int vigie_pdfium_characters(
    vigie_pdfium_text text, int start, int count, vigie_pdfium_character *characters);

#endif
