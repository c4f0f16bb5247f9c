#pragma once
// What each kernel takes, as plain structures, so that all kernel modules share one type without
// a line of code: a Swift type's own functions could become weak symbols compiled for AVX-512
// (Tensors/KernelSet.swift, which says what each kernel makes of them).
//
// Strides are distances in samples. Samples are float; blocks of 16 channels are 64-byte aligned.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// What becomes of each of a block's 16 channels while loading: `max(scale · x + shift, floor)`.
/// The floor is 0 for a ReLU and −∞ for none.
typedef struct {
  const float *scale;
  const float *shift;
  const float *floor;
} CKernelArguments_Affine;

typedef struct {
  /// `[blocks][pixels][16]`, with a distance between blocks.
  float *output;
  ptrdiff_t outputBlockStride;
  /// 1 or 2.
  ptrdiff_t blocks;
  /// A multiple of 8.
  ptrdiff_t pixels;
  /// `[blocks][16]`, with which sums begin; null where they go on from the output.
  const float *_Nullable bias;
  /// Kernel row 0 and column 0 of the first pixel, with distances between kernel rows, kernel
  /// columns and pixels.
  const float *input;
  ptrdiff_t inputRowStride;
  ptrdiff_t inputColumnStride;
  ptrdiff_t inputPixelStride;
  /// `[kernelHeight][kernelWidth][channels][blocks][16]`, with distances between channels, the next
  /// tap's first following the last, and between blocks.
  const float *weights;
  ptrdiff_t weightStride;
  ptrdiff_t weightBlockStride;
  ptrdiff_t kernelHeight;
  ptrdiff_t kernelWidth;
  /// Input channels.
  ptrdiff_t channels;
} CKernelArguments_ConvolveRow;

typedef struct {
  /// `[count][16]`.
  float *output;
  /// A row of blocks.
  const float *input;
  /// The input column of each output pixel.
  const int32_t *columns;
  ptrdiff_t count;
  CKernelArguments_Affine affine;
} CKernelArguments_GatherBlocks;

typedef struct {
  /// `[count][16]`.
  float *output;
  /// Two rows of blocks, which may be one.
  const float *upper;
  const float *lower;
  /// Half the left input column of each output pixel.
  const int32_t *columns;
  ptrdiff_t count;
  CKernelArguments_Affine affine;
} CKernelArguments_GatherMaximum;

typedef struct {
  /// `[count][4]`.
  float *output;
  /// A row of pixels of 4 lanes.
  const float *input;
  /// The input column of each output pixel.
  const int32_t *columns;
  ptrdiff_t count;
} CKernelArguments_GatherPixels;

typedef struct {
  /// `[count][16]`, as both inputs.
  float *output;
  ptrdiff_t count;
  const float *a;
  CKernelArguments_Affine aAffine;
  const float *b;
  CKernelArguments_Affine bAffine;
} CKernelArguments_AddBlocks;

typedef struct {
  /// `[matrices][tiles][16]`, with a distance between matrices.
  float *output;
  ptrdiff_t outputMatrixStride;
  ptrdiff_t tiles;
  /// The first tile's window.
  const float *input;
  ptrdiff_t inputRowStride;
} CKernelArguments_TransformInput;

typedef struct {
  /// The first tile's first pixel.
  float *output;
  ptrdiff_t outputRowStride;
  ptrdiff_t tiles;
  /// `[products][tiles][16]`, with a distance between products.
  const float *input;
  ptrdiff_t inputMatrixStride;
  /// `[16]`.
  const float *bias;
} CKernelArguments_TransformOutput;

typedef struct {
  /// `[5][rows][count]`, with distances between the five and between rows.
  float *output;
  ptrdiff_t outputStride;
  ptrdiff_t outputRowStride;
  /// The first of a row's five, the distance to the next and the one after it, that to the fourth,
  /// which the fifth follows, and that to the next row.
  const float *input;
  ptrdiff_t inputStride;
  ptrdiff_t inputWrap;
  ptrdiff_t inputRowStride;
  ptrdiff_t rows;
  /// A multiple of 16.
  ptrdiff_t count;
} CKernelArguments_TransformFive;

typedef struct {
  /// `[3][count]`, with a distance between the three.
  float *output;
  ptrdiff_t outputStride;
  /// `[5][count]`, with a distance between the five.
  const float *input;
  ptrdiff_t inputStride;
  /// A multiple of 16.
  ptrdiff_t count;
} CKernelArguments_CombineFive;

typedef struct {
  /// `[16][count]`, with a distance between channels.
  float *output;
  ptrdiff_t outputStride;
  /// A row of blocks.
  const float *input;
  /// The input column of each output sample, -1 where zeros stand.
  const int32_t *columns;
  /// A multiple of 16.
  ptrdiff_t count;
  CKernelArguments_Affine affine;
} CKernelArguments_GatherPlanes;

typedef struct {
  /// `[3][count]`, with a distance between outputs.
  float *output;
  ptrdiff_t outputStride;
  /// A multiple of 64.
  ptrdiff_t count;
  /// Whether sums go on from the output.
  bool adds;
  /// `[channels][kernelSize][count + kernelSize - 1]`, with distances between channels and rows.
  const float *input;
  ptrdiff_t inputChannelStride;
  ptrdiff_t inputRowStride;
  ptrdiff_t channels;
  ptrdiff_t kernelSize;
  /// `[channels][kernelSize][kernelSize][3]`.
  const float *weights;
} CKernelArguments_ConvolvePlanes;

typedef struct {
  /// `[3 * tiles][4]`.
  float *output;
  ptrdiff_t tiles;
  /// The first column of a tile of the first channel, and the distances to the next column and the
  /// next channel.
  const float *input;
  ptrdiff_t inputColumnStride;
  ptrdiff_t inputChannelStride;
  /// `[3]`.
  const float *bias;
} CKernelArguments_MergePlanes;

typedef struct {
  /// `[16]`, as the squares.
  double *mean;
  double *squares;
  /// A block's first pixel.
  const float *input;
  ptrdiff_t inputRowStride;
  ptrdiff_t rows;
  ptrdiff_t columns;
} CKernelArguments_MeasureMoments;

/// A map before its norm, and the gradient by what an activation made of it.
typedef struct {
  /// `[count][16]`, as the map.
  const float *gradient;
  const float *map;
  ptrdiff_t count;
  CKernelArguments_Affine affine;
} CKernelArguments_ActivationGradient;

typedef struct {
  /// `[16]`, as the products; both are added to.
  double *sums;
  double *products;
  CKernelArguments_ActivationGradient input;
  /// `[16]`: what the map's samples are taken less.
  const float *center;
} CKernelArguments_MeasureGradient;

typedef struct {
  /// `[count][16]`, which may be the gradient.
  float *output;
  CKernelArguments_ActivationGradient input;
  /// `[16]` each.
  const float *gradientScale;
  const float *mapScale;
  const float *shift;
} CKernelArguments_NormGradient;

typedef struct {
  /// A row of blocks, which are added to.
  float *output;
  /// `[count][16]`.
  const float *input;
  /// The output column of each input pixel.
  const int32_t *columns;
  ptrdiff_t count;
} CKernelArguments_ScatterBlocks;

typedef struct {
  /// Two rows of blocks, which are added to.
  float *upperOutput;
  float *lowerOutput;
  /// `[count][16]`, of the maxima.
  const float *input;
  /// The rows that the maxima were taken of.
  const float *upper;
  const float *lower;
  ptrdiff_t count;
  CKernelArguments_Affine affine;
} CKernelArguments_ScatterMaximum;

#pragma clang assume_nonnull end
