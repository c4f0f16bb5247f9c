/// The cost of a picture's way in time, by the numbers of its plan.
///
/// There are constants for three questions, and no one set of them answers all: the choice of a plan
/// may not depend on the machine, a forecast must, and a bar is drawn before any plan is known.
public enum CostModel {
  /// Multiplications that could be done while a byte is written to a scratch file or read from it:
  /// 100 G a second on two cores of today beside 3 GB a second of a disk and its cache.
  private static let multiplicationsPerByte = 32

  /// The share that the layers reach of the multiplications that a processor could do in registers
  /// alone.
  private static let shareOfPeak = 0.7
  /// Bytes a second of a disk with its cache: fewer than plans are chosen by, as a forecast had
  /// better be too long.
  private static let scratchSpeed = 2e9
  /// The time that reading and writing files takes.
  private static let secondsPerPixel = 40e-9

  /// The time that shrinking and enlarging takes for a pixel of a picture whose strokes are larger than
  /// the network's own.
  private static let secondsPerEnlarged = 60e-9

  /// The time of a step of blurring.
  private static let secondsPerBlurStep = 0.5e-9

  /// A picture's stages, as shares of its whole way: between what `secondsPerPixel` is at width 32
  /// (a twentieth) and at width 16 (a seventh).
  public static let decoding = 0...0.04
  public static let network = 0.04...0.92
  public static let encoding = 0.92...1.0

  /// Computes what a plan costs beside other plans for the same job, in multiplications.
  static func cost(multiplications: Int, scratchTraffic: Int) -> Int {
    multiplications + multiplicationsPerByte * scratchTraffic
  }

  /// Computes how long a plan will take, files included.
  ///
  /// - Parameters:
  ///   - plan: The plan of a batch, strokes and all.
  ///   - peak: Multiplications a second that the threads could do in registers alone.
  public static func seconds(_ plan: PaintingPlan, peak: Double) -> Double {
    Double(plan.multiplications) / (shareOfPeak * peak)
      + Double(plan.scratchTraffic) / scratchSpeed
      + Double(plan.pixels) * (secondsPerPixel + (plan.coarse == nil ? 0 : secondsPerEnlarged))
      + Double(plan.blurSteps) * secondsPerBlurStep
  }
}
