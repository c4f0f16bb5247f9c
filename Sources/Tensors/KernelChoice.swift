import CPUFeatures
import Glibc
import KernelsBaseline

#if arch(x86_64)
  import KernelsAVX2
  import KernelsAVX512
#endif

extension KernelSet {
  /// The fastest set that this processor has, or the one that `PASTICHE_KERNELS` names.
  ///
  /// - Throws: `KernelChoiceError` where that names none, or one that this processor lacks.
  public static func chosen() throws(KernelChoiceError) -> KernelSet {
    try chosen(from: available, named: getenv("PASTICHE_KERNELS").map { String(cString: $0) })
  }

  static func chosen(from available: [KernelSet], named name: String?) throws(KernelChoiceError)
    -> KernelSet
  {
    guard let name else { return available[0] }
    guard let set = available.first(where: { $0.name == name }) else {
      throw KernelChoiceError(name: name, available: available.map(\.name))
    }
    return set
  }

  /// The sets that this processor can run, the fastest first.
  public static let available: [KernelSet] = {
    #if arch(x86_64)
      switch CPUFeatures_level() {
      case 4...: [avx512, avx2, baseline]
      case 3: [avx2, baseline]
      default: [baseline]
      }
    #else
      [baseline]
    #endif
  }()

  static let baseline = KernelSet(
    name: "baseline", convolveRow: KernelsBaseline.convolveRow,
    gatherBlocks: KernelsBaseline.gatherBlocks,
    gatherMaximum: KernelsBaseline.gatherMaximum,
    gatherPixels: KernelsBaseline.gatherPixels, addBlocks: KernelsBaseline.addBlocks,
    transformInput: KernelsBaseline.transformInput,
    transformOutput: KernelsBaseline.transformOutput,
    transformUpsampledInput: KernelsBaseline.transformUpsampledInput,
    transformUpsampledOutput: KernelsBaseline.transformUpsampledOutput,
    transformGradient: KernelsBaseline.transformGradient,
    transformFive: KernelsBaseline.transformFive,
    transformLargeOutput: KernelsBaseline.transformLargeOutput,
    combineFive: KernelsBaseline.combineFive,
    gatherPlanes: KernelsBaseline.gatherPlanes,
    convolvePlanes: KernelsBaseline.convolvePlanes,
    mergePlanes: KernelsBaseline.mergePlanes,
    measureMoments: KernelsBaseline.measureMoments,
    measureGradient: KernelsBaseline.measureGradient, normGradient: KernelsBaseline.normGradient,
    scatterBlocks: KernelsBaseline.scatterBlocks, scatterMaximum: KernelsBaseline.scatterMaximum,
    multiplyAddLoop: KernelsBaseline.multiplyAddLoop
  )

  #if arch(x86_64)
    static let avx2 = KernelSet(
      name: "avx2", convolveRow: KernelsAVX2.convolveRow,
      gatherBlocks: KernelsAVX2.gatherBlocks,
      gatherMaximum: KernelsAVX2.gatherMaximum,
      gatherPixels: KernelsAVX2.gatherPixels, addBlocks: KernelsAVX2.addBlocks,
      transformInput: KernelsAVX2.transformInput, transformOutput: KernelsAVX2.transformOutput,
      transformUpsampledInput: KernelsAVX2.transformUpsampledInput,
      transformUpsampledOutput: KernelsAVX2.transformUpsampledOutput,
      transformGradient: KernelsAVX2.transformGradient,
      transformFive: KernelsAVX2.transformFive,
      transformLargeOutput: KernelsAVX2.transformLargeOutput,
      combineFive: KernelsAVX2.combineFive,
      gatherPlanes: KernelsAVX2.gatherPlanes,
      convolvePlanes: KernelsAVX2.convolvePlanes,
      mergePlanes: KernelsAVX2.mergePlanes,
      measureMoments: KernelsAVX2.measureMoments,
      measureGradient: KernelsAVX2.measureGradient, normGradient: KernelsAVX2.normGradient,
      scatterBlocks: KernelsAVX2.scatterBlocks, scatterMaximum: KernelsAVX2.scatterMaximum,
      multiplyAddLoop: KernelsAVX2.multiplyAddLoop)

    static let avx512 = KernelSet(
      name: "avx512", convolveRow: KernelsAVX512.convolveRow,
      gatherBlocks: KernelsAVX512.gatherBlocks,
      gatherMaximum: KernelsAVX512.gatherMaximum,
      gatherPixels: KernelsAVX512.gatherPixels, addBlocks: KernelsAVX512.addBlocks,
      transformInput: KernelsAVX512.transformInput, transformOutput: KernelsAVX512.transformOutput,
      transformUpsampledInput: KernelsAVX512.transformUpsampledInput,
      transformUpsampledOutput: KernelsAVX512.transformUpsampledOutput,
      transformGradient: KernelsAVX512.transformGradient,
      transformFive: KernelsAVX512.transformFive,
      transformLargeOutput: KernelsAVX512.transformLargeOutput,
      combineFive: KernelsAVX512.combineFive,
      gatherPlanes: KernelsAVX512.gatherPlanes,
      convolvePlanes: KernelsAVX512.convolvePlanes,
      mergePlanes: KernelsAVX512.mergePlanes,
      measureMoments: KernelsAVX512.measureMoments,
      measureGradient: KernelsAVX512.measureGradient, normGradient: KernelsAVX512.normGradient,
      scatterBlocks: KernelsAVX512.scatterBlocks, scatterMaximum: KernelsAVX512.scatterMaximum,
      multiplyAddLoop: KernelsAVX512.multiplyAddLoop)
  #endif
}

/// `PASTICHE_KERNELS` names kernels that can't be had.
public struct KernelChoiceError: Error, Equatable, Sendable, CustomStringConvertible {
  public let name: String
  public let available: [String]

  public var description: String {
    "PASTICHE_KERNELS is \"\(name)\"; on this processor it can be "
      + available.joined(separator: ", ")
  }
}
