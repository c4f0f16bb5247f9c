#pragma once

// A thin shim over libpng's ordinary interface and libjpeg: descriptors and buffers in, a status
// and the library's own words out.
//
// Both libraries report errors by `longjmp`. Every function here that calls into them sets the
// landing place itself, so a jump starts and lands within this module's C: no Swift frame is ever
// crossed, and nothing is called back in Swift. What a jump leaves behind is owned by the reader
// or writer and released by its `_destroy`; functions hold nothing of their own across a call that
// may jump.
//
// A reader or writer belongs to one thread at a time. After a status other than success only its
// `_report`, `_output` and `_destroy` may be called.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum __attribute__((enum_extensibility(closed))) {
  CImageCodecs_StatusSuccess = 0,
  /// The file breaks its format's rules, in the words of `CImageCodecs_message`.
  CImageCodecs_StatusDamaged,
  /// More scans than `CImageCodecs_maximumScans`: a way to keep a decoder busy for hours.
  CImageCodecs_StatusTooManyScans,
  /// The system refused to read, for the reason `CImageCodecs_systemError`.
  CImageCodecs_StatusUnreadable,
  CImageCodecs_StatusOutOfMemory,
} CImageCodecs_Status;

enum { CImageCodecs_maximumScans = 100 };

// MARK: What happened

/// What a reader or writer has to tell; owned by it.
typedef struct CImageCodecs_Report CImageCodecs_Report;

/// The library's words on the failure, or "".
const char *_Nonnull CImageCodecs_message(const CImageCodecs_Report *_Nonnull report);
/// The library's words on harmless faults, one a line, each told once; the first of them only where
/// there are very many.
const char *_Nonnull CImageCodecs_warnings(const CImageCodecs_Report *_Nonnull report);
/// The library's words on damage that was passed over on request, one a line.
const char *_Nonnull CImageCodecs_damage(const CImageCodecs_Report *_Nonnull report);
/// `errno` of the read that failed, or 0.
int CImageCodecs_systemError(const CImageCodecs_Report *_Nonnull report);

// MARK: PNG in

typedef struct CImageCodecs_PNGReader CImageCodecs_PNGReader;

typedef struct {
  uint32_t width, height;
  /// As stored: 1, 2, 4, 8 or 16.
  uint8_t bitDepth;
  /// Whether rows have alpha: as stored, or made from tRNS.
  bool hasAlpha;
  bool isInterlaced;
} CImageCodecs_PNGHeader;

/// A reader of the file behind `descriptor`, from its first byte; the descriptor is borrowed, and
/// its own offset neither used nor moved. NULL where memory is short.
CImageCodecs_PNGReader *_Nullable CImageCodecs_PNGReader_create(int descriptor, bool keepsDamaged);
void CImageCodecs_PNGReader_destroy(CImageCodecs_PNGReader *_Nonnull reader);
const CImageCodecs_Report *_Nonnull CImageCodecs_PNGReader_report(
    const CImageCodecs_PNGReader *_Nonnull reader);
/// Reads up to the pixels. Sides above `maximumSide` are damage; call it once, first.
CImageCodecs_Status CImageCodecs_PNGReader_readHeader(
    CImageCodecs_PNGReader *_Nonnull reader, uint32_t maximumSide,
    CImageCodecs_PNGHeader *_Nonnull header);
/// Gets ready to decode: takes the memory for rows; call it once, after the header.
CImageCodecs_Status CImageCodecs_PNGReader_start(CImageCodecs_PNGReader *_Nonnull reader);
/// The next row as RGB or RGBA, of 8 bits, or 16 in the machine's order. Not for interlaced files.
CImageCodecs_Status CImageCodecs_PNGReader_readRow(
    CImageCodecs_PNGReader *_Nonnull reader, uint8_t *_Nonnull row);
/// The whole picture, for interlaced files: rows `stride` bytes apart. Where it fails, `pixels`
/// holds what was decoded until then, coarser towards the end.
CImageCodecs_Status CImageCodecs_PNGReader_readPicture(
    CImageCodecs_PNGReader *_Nonnull reader, uint8_t *_Nonnull pixels, size_t stride);
/// Checks what follows the pixels.
CImageCodecs_Status CImageCodecs_PNGReader_finish(CImageCodecs_PNGReader *_Nonnull reader);

// MARK: PNG out

typedef struct CImageCodecs_PNGWriter CImageCodecs_PNGWriter;

/// A writer into memory, to be emptied now and then by the caller. NULL where memory is short.
CImageCodecs_PNGWriter *_Nullable CImageCodecs_PNGWriter_create(void);
void CImageCodecs_PNGWriter_destroy(CImageCodecs_PNGWriter *_Nonnull writer);
const CImageCodecs_Report *_Nonnull CImageCodecs_PNGWriter_report(
    const CImageCodecs_PNGWriter *_Nonnull writer);
/// - channels: 3 or 4
/// - bitDepth: 8, or 16 in the machine's order
/// - level: zlib's, 0 to 9
CImageCodecs_Status CImageCodecs_PNGWriter_start(
    CImageCodecs_PNGWriter *_Nonnull writer, uint32_t width, uint32_t height, int channels,
    int bitDepth, int level);
/// A chunk before the pixels, as it is. `name` has four letters.
CImageCodecs_Status CImageCodecs_PNGWriter_writeChunk(
    CImageCodecs_PNGWriter *_Nonnull writer, const char *_Nonnull name,
    const uint8_t *_Nullable bytes, size_t count);
CImageCodecs_Status CImageCodecs_PNGWriter_writeRow(
    CImageCodecs_PNGWriter *_Nonnull writer, const uint8_t *_Nonnull row);
CImageCodecs_Status CImageCodecs_PNGWriter_finish(CImageCodecs_PNGWriter *_Nonnull writer);
/// The bytes written since the last call of `_clearOutput`, owned by the writer, until its next call.
const uint8_t *_Nullable CImageCodecs_PNGWriter_output(
    CImageCodecs_PNGWriter *_Nonnull writer, size_t *_Nonnull count);
void CImageCodecs_PNGWriter_clearOutput(CImageCodecs_PNGWriter *_Nonnull writer);

// MARK: JPEG in

typedef struct CImageCodecs_JPEGReader CImageCodecs_JPEGReader;

typedef struct {
  uint32_t width, height;
  /// Components as stored.
  int components;
  /// Whether rows can be had as RGB.
  bool isConvertible;
  /// Bytes of coefficients that a file of several scans, a progressive one for instance, holds while
  /// it is decoded; 0 where a band of rows is enough.
  uint64_t heldBytes;
} CImageCodecs_JPEGHeader;

/// As `CImageCodecs_PNGReader_create`.
CImageCodecs_JPEGReader *_Nullable CImageCodecs_JPEGReader_create(
    int descriptor, bool keepsDamaged);
void CImageCodecs_JPEGReader_destroy(CImageCodecs_JPEGReader *_Nonnull reader);
const CImageCodecs_Report *_Nonnull CImageCodecs_JPEGReader_report(
    const CImageCodecs_JPEGReader *_Nonnull reader);
/// Reads up to the first scan; call it once, first.
CImageCodecs_Status CImageCodecs_JPEGReader_readHeader(
    CImageCodecs_JPEGReader *_Nonnull reader, CImageCodecs_JPEGHeader *_Nonnull header);
/// Gets ready to decode: takes the memory for rows and reads all scans where there are several.
CImageCodecs_Status CImageCodecs_JPEGReader_start(CImageCodecs_JPEGReader *_Nonnull reader);
/// The next row as 8-bit RGB. CMYK samples C, M, Y, K are taken as Adobe stores them, inverted:
/// R = C·K/255, G = M·K/255, B = Y·K/255, rounded.
CImageCodecs_Status CImageCodecs_JPEGReader_readRow(
    CImageCodecs_JPEGReader *_Nonnull reader, uint8_t *_Nonnull row);
/// The place behind the end marker, once the reader has finished; 0 where there was none, or where
/// something else was told of what follows the pixels.
int64_t CImageCodecs_JPEGReader_end(const CImageCodecs_JPEGReader *_Nonnull reader);
/// The next row of a file of CMYK as it stands, four bytes a pixel.
CImageCodecs_Status CImageCodecs_JPEGReader_readInkRow(
    CImageCodecs_JPEGReader *_Nonnull reader, uint8_t *_Nonnull row);
/// Checks what follows the pixels.
CImageCodecs_Status CImageCodecs_JPEGReader_finish(CImageCodecs_JPEGReader *_Nonnull reader);

// MARK: JPEG out

typedef struct CImageCodecs_JPEGWriter CImageCodecs_JPEGWriter;

/// As `CImageCodecs_PNGWriter_create`.
CImageCodecs_JPEGWriter *_Nullable CImageCodecs_JPEGWriter_create(void);
void CImageCodecs_JPEGWriter_destroy(CImageCodecs_JPEGWriter *_Nonnull writer);
const CImageCodecs_Report *_Nonnull CImageCodecs_JPEGWriter_report(
    const CImageCodecs_JPEGWriter *_Nonnull writer);
/// Baseline, YCbCr 4:4:4.
/// - quality: libjpeg's, 1 to 100
/// - densityUnit: JFIF's, 0 (an aspect ratio), 1 (dots an inch) or 2 (dots a centimetre)
CImageCodecs_Status CImageCodecs_JPEGWriter_start(
    CImageCodecs_JPEGWriter *_Nonnull writer, uint32_t width, uint32_t height, int quality,
    int densityUnit, uint16_t densityX, uint16_t densityY);
/// A marker segment before the pixels; `code` 0xE0 to 0xEF or 0xFE, at most 65,533 bytes.
CImageCodecs_Status CImageCodecs_JPEGWriter_writeMarker(
    CImageCodecs_JPEGWriter *_Nonnull writer, int code, const uint8_t *_Nullable bytes,
    size_t count);
/// - row: 8-bit RGB
CImageCodecs_Status CImageCodecs_JPEGWriter_writeRow(
    CImageCodecs_JPEGWriter *_Nonnull writer, const uint8_t *_Nonnull row);
CImageCodecs_Status CImageCodecs_JPEGWriter_finish(CImageCodecs_JPEGWriter *_Nonnull writer);
/// As `CImageCodecs_PNGWriter_output`.
const uint8_t *_Nullable CImageCodecs_JPEGWriter_output(
    CImageCodecs_JPEGWriter *_Nonnull writer, size_t *_Nonnull count);
void CImageCodecs_JPEGWriter_clearOutput(CImageCodecs_JPEGWriter *_Nonnull writer);

// MARK: Pieces of zlib and Linux

/// The CRC-32 of `bytes`, continuing `crc` (0 to begin).
uint32_t CImageCodecs_crc32(uint32_t crc, const uint8_t *_Nullable bytes, size_t count);
/// Expands a zlib stream, never beyond `capacity` bytes. `output` NULL: only counts.
/// False where it is broken, incomplete or longer than that.
bool CImageCodecs_inflate(
    const uint8_t *_Nullable bytes, size_t count, uint8_t *_Nullable output, size_t capacity,
    size_t *_Nonnull outputCount);
/// The most that `count` bytes can take when deflated.
size_t CImageCodecs_deflateBound(size_t count);
/// Makes a zlib stream of at most `capacity` bytes; false where it is too short or memory is.
bool CImageCodecs_deflate(
    const uint8_t *_Nullable bytes, size_t count, uint8_t *_Nonnull output, size_t capacity,
    size_t *_Nonnull outputCount);
/// An anonymous file in memory, closed by the caller; -1 and `errno` on failure.
int CImageCodecs_createMemoryFile(void);
