#pragma once

// A thin shim over Little CMS: ICC profiles and samples in, numbers and samples out.
//
// Little CMS reports errors by returning nothing; what it returns here is NULL or false, and the
// reason is always that the profile is broken, of a kind that can't do what is asked, or memory. A
// profile belongs to one thread at a time; a transform may be applied by any number at once.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// MARK: Profiles

typedef struct CColorManagement_Profile CColorManagement_Profile;

/// A profile of an ICC file's bytes, which are copied.
CColorManagement_Profile *_Nullable CColorManagement_Profile_open(
    const uint8_t *_Nonnull bytes, size_t count);
/// A profile of RGB with the given primaries and one curve for all channels.
///
/// - chromaticities: x and y of white, red, green and blue.
/// - curve: g, a, b, c, d: light = (a·v + b)^g from v = d on, c·v below.
/// - name: What the profile calls itself, in ASCII.
CColorManagement_Profile *_Nullable CColorManagement_Profile_create(
    const double chromaticities[_Nonnull 8], const double curve[_Nonnull 5],
    const char *_Nonnull name);
/// A profile of RGB of which equal samples have the colour that `gray` gives to one.
CColorManagement_Profile *_Nullable CColorManagement_Profile_createOfGray(
    CColorManagement_Profile *_Nonnull gray);
void CColorManagement_Profile_destroy(CColorManagement_Profile *_Nonnull profile);

/// Reads what a profile of RGB consists of, where it is a matrix and curves and nothing else.
///
/// - matrix: Gets the rows of RGB to XYZ of the ICC's connection space.
/// - curves: Gets light for `count` samples from 0 to 1 of red, of green and of blue.
bool CColorManagement_Profile_readMatrix(
    CColorManagement_Profile *_Nonnull profile, double matrix[_Nonnull 9], float *_Nonnull curves,
    size_t count);
/// The ICC file of a profile, in `bytes` where they are enough for it. Made at no time, so that one
/// profile has one file.
///
/// Returns its size, or 0.
size_t CColorManagement_Profile_write(
    CColorManagement_Profile *_Nonnull profile, uint8_t *_Nullable bytes, size_t capacity);

// MARK: Transforms

typedef struct CColorManagement_Transform CColorManagement_Transform;

/// A transform between RGB, or Adobe's inverted CMYK, of `source` and RGB of `target`, by the
/// perceptual intent.
///
/// - bytesPerSample: 1, or 2 in the machine's order.
/// - hasAlpha: Whether a sample follows each RGB, which is left alone.
CColorManagement_Transform *_Nullable CColorManagement_Transform_create(
    CColorManagement_Profile *_Nonnull source, CColorManagement_Profile *_Nonnull target,
    int bytesPerSample, bool hasAlpha);
void CColorManagement_Transform_destroy(CColorManagement_Transform *_Nonnull transform);
/// Transforms `count` pixels. RGB may be transformed in place.
void CColorManagement_Transform_apply(
    const CColorManagement_Transform *_Nonnull transform, const uint8_t *_Nonnull source,
    uint8_t *_Nonnull target, size_t count);
