#include "CColorManagement.h"

#include <lcms2.h>
#include <stdlib.h>
#include <string.h>

static CColorManagement_Profile *wrap(cmsHPROFILE profile) { return profile; }
static cmsHPROFILE unwrap(CColorManagement_Profile *profile) { return profile; }

CColorManagement_Profile *CColorManagement_Profile_open(const uint8_t *bytes, size_t count) {
  return count > UINT32_MAX ? NULL : wrap(cmsOpenProfileFromMem(bytes, (cmsUInt32Number)count));
}

static cmsHPROFILE create(
    const double chromaticities[8], cmsToneCurve *curve, const char *name) {
  const double *xy = chromaticities;
  const cmsCIExyY white = {xy[0], xy[1], 1};
  const cmsCIExyYTRIPLE primaries = {{xy[2], xy[3], 1}, {xy[4], xy[5], 1}, {xy[6], xy[7], 1}};
  cmsToneCurve *const curves[] = {curve, curve, curve};
  cmsHPROFILE profile = curve == NULL ? NULL : cmsCreateRGBProfile(&white, &primaries, curves);
  cmsMLU *words = cmsMLUalloc(NULL, 1);
  if (profile != NULL && words != NULL && cmsMLUsetASCII(words, "en", "US", name)) {
    cmsWriteTag(profile, cmsSigProfileDescriptionTag, words);
  }
  if (words != NULL) cmsMLUfree(words);
  return profile;
}

CColorManagement_Profile *CColorManagement_Profile_create(
    const double chromaticities[8], const double curve[5], const char *name) {
  bool isPower = curve[1] == 1 && curve[2] == 0 && curve[4] == 0;
  cmsToneCurve *tone =
      isPower ? cmsBuildGamma(NULL, curve[0]) : cmsBuildParametricToneCurve(NULL, 4, curve);
  cmsHPROFILE profile = create(chromaticities, tone, name);
  if (tone != NULL) cmsFreeToneCurve(tone);
  return wrap(profile);
}

/// The curve of gray, from samples to Y; NULL where there is none. To be freed.
static cmsToneCurve *luminance(cmsHPROFILE gray) {
  const cmsToneCurve *own = cmsReadTag(gray, cmsSigGrayTRCTag);
  if (own == NULL) return NULL;
  if (cmsGetPCS(gray) == cmsSigXYZData) return cmsDupToneCurve(own);
  // The curve gives lightness.
  enum { count = 4096 };
  float table[count];
  for (int i = 0; i < count; i++) {
    float lightness = 100 * cmsEvalToneCurveFloat(own, (float)i / (count - 1));
    const cmsCIELab lab = {lightness, 0, 0};
    cmsCIEXYZ xyz;
    cmsLab2XYZ(NULL, &xyz, &lab);
    table[i] = (float)xyz.Y;
  }
  return cmsBuildTabulatedToneCurveFloat(NULL, count, table);
}

CColorManagement_Profile *CColorManagement_Profile_createOfGray(CColorManagement_Profile *gray) {
  static const double sRGB[] = {0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06};
  cmsToneCurve *curve = luminance(unwrap(gray));
  cmsHPROFILE profile = create(sRGB, curve, "RGB with the curve of a gray profile");
  if (curve != NULL) cmsFreeToneCurve(curve);
  return wrap(profile);
}

void CColorManagement_Profile_destroy(CColorManagement_Profile *profile) {
  cmsCloseProfile(unwrap(profile));
}

bool CColorManagement_Profile_readMatrix(
    CColorManagement_Profile *wrapped, double matrix[9], float *curves, size_t count) {
  static const cmsTagSignature colorants[] = {
      cmsSigRedColorantTag, cmsSigGreenColorantTag, cmsSigBlueColorantTag};
  static const cmsTagSignature tones[] = {cmsSigRedTRCTag, cmsSigGreenTRCTag, cmsSigBlueTRCTag};
  cmsHPROFILE profile = unwrap(wrapped);
  // Tables come first, for Little CMS as for the ICC.
  if (cmsGetColorSpace(profile) != cmsSigRgbData || cmsIsTag(profile, cmsSigAToB0Tag) ||
      cmsIsTag(profile, cmsSigDToB0Tag) || cmsGetPCS(profile) != cmsSigXYZData) {
    return false;
  }
  for (int channel = 0; channel < 3; channel++) {
    const cmsCIEXYZ *colorant = cmsReadTag(profile, colorants[channel]);
    const cmsToneCurve *tone = cmsReadTag(profile, tones[channel]);
    if (colorant == NULL || tone == NULL) return false;
    matrix[channel] = colorant->X;
    matrix[3 + channel] = colorant->Y;
    matrix[6 + channel] = colorant->Z;
    for (size_t i = 0; i < count; i++) {
      curves[(size_t)channel * count + i] =
          cmsEvalToneCurveFloat(tone, (float)i / (float)(count - 1));
    }
  }
  return true;
}

size_t CColorManagement_Profile_write(
    CColorManagement_Profile *profile, uint8_t *bytes, size_t capacity) {
  cmsUInt32Number count = 0;
  if (!cmsSaveProfileToMem(unwrap(profile), NULL, &count)) return 0;
  if (bytes == NULL || capacity < count) return count;
  if (!cmsSaveProfileToMem(unwrap(profile), bytes, &count)) return 0;
  // The header's date: a year, a month, a day.
  static const uint8_t date[] = {0x07, 0xE8, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0};
  memcpy(bytes + 24, date, sizeof date);
  return count;
}

CColorManagement_Transform *CColorManagement_Transform_create(
    CColorManagement_Profile *source, CColorManagement_Profile *target, int bytesPerSample,
    bool hasAlpha) {
  cmsUInt32Number rgb = COLORSPACE_SH(PT_RGB) | CHANNELS_SH(3) |
                        BYTES_SH((cmsUInt32Number)bytesPerSample) | EXTRA_SH(hasAlpha ? 1 : 0);
  cmsUInt32Number given = cmsGetColorSpace(unwrap(source)) == cmsSigCmykData ? TYPE_CMYK_8_REV : rgb;
  // Without a cache a transform has no state.
  cmsUInt32Number precision = bytesPerSample == 2 ? cmsFLAGS_HIGHRESPRECALC : 0;
  return (CColorManagement_Transform *)cmsCreateTransform(
      unwrap(source), given, unwrap(target), rgb, INTENT_PERCEPTUAL,
      cmsFLAGS_NOCACHE | precision);
}

void CColorManagement_Transform_destroy(CColorManagement_Transform *transform) {
  cmsDeleteTransform((cmsHTRANSFORM)transform);
}

void CColorManagement_Transform_apply(
    const CColorManagement_Transform *transform, const uint8_t *source, uint8_t *target,
    size_t count) {
  cmsDoTransform((cmsHTRANSFORM)transform, source, target, (cmsUInt32Number)count);
}
