import ArgumentParser
import StyleModels
import StyleTraining

/// How a style is trained; by default so that it takes a minute.
struct TrainingOptions: ParsableArguments {
  @Option(
    name: .customLong("train"),
    help: "What is trained: the norms and colours on a base, or all of its convolutions too.")
  var trained = TrainingSettings().trained

  @Option(
    help: ArgumentHelp(
      "How often crops of photographs are painted; by default 400 times, with all 2000.",
      valueName: "n"))
  var iterations: Int?

  @Option(help: ArgumentHelp("Train for so long instead of counting.", valueName: "n"))
  var minutes: Double?

  @OptionGroup var loss: LossOptions

  @Option(help: ArgumentHelp("How much the photograph counts.", valueName: "f"))
  var contentWeight = TrainingSettings().weights.content

  @Option(
    help: ArgumentHelp(
      "How much neighbouring pixels that differ count.", valueName: "f"))
  var variationWeight = TrainingSettings().weights.variation

  @Option(help: ArgumentHelp("Side of the crops in pixels, a multiple of 4.", valueName: "n"))
  var crop = TrainingSettings().crop

  @Option(help: ArgumentHelp("Crops of each style in an iteration.", valueName: "n"))
  var batch = TrainingSettings().batch

  @Option(help: "How far a step moves each number at most; by default 0.01, with all 0.001.")
  var rate: Double?

  @Option(help: "How the rate falls.")
  var schedule = TrainingSettings().schedule

  @Option(help: "The number that decides which crops are taken.")
  var seed = TrainingSettings().seed

  private static let defaultIterations = (norms: 400, all: 2000)
  private static let defaultRates = (norms: 1e-2, all: 1e-3)

  func validate() throws {
    func check(_ isValid: Bool, _ message: String) throws {
      if !isValid { throw ValidationError(message) }
    }
    if let iterations {
      try check(
        (1...100_000_000).contains(iterations),
        "--iterations must be at least 1, not \(iterations)")
    }
    if let minutes {
      try check(
        minutes > 0 && minutes <= 1e6, "--minutes must be above 0, not \(minutes)")
    }
    try check(
      iterations == nil || minutes == nil, "--iterations and --minutes exclude one another")
    try LossOptions.checkWeight("content-weight", contentWeight)
    try LossOptions.checkWeight("variation-weight", variationWeight)
    let (crops, batches) = (TrainingSettings.crops, TrainingSettings.batches)
    try check(
      crops.contains(crop) && crop.isMultiple(of: 4),
      "--crop must be a multiple of 4 in \(crops), not \(crop)")
    try check(batches.contains(batch), "--batch must be in \(batches), not \(batch)")
    if let rate { try check(rate > 0 && rate <= 1, "--rate must be above 0 and at most 1") }
  }

  /// - Parameter trainsAll: Whether there is no base, and everything has to be trained.
  func settings(trainsAll: Bool) -> TrainingSettings {
    var settings = TrainingSettings()
    settings.trained = trainsAll ? .all : trained
    let isAll = settings.trained == .all
    settings.iterations =
      iterations
      ?? (minutes != nil ? .max : isAll ? Self.defaultIterations.all : Self.defaultIterations.norms)
    settings.minutes = minutes
    settings.weights.style = loss.styleWeight
    settings.weights.content = contentWeight
    settings.weights.variation = variationWeight
    settings.styleSize = loss.styleSize
    settings.crop = crop
    settings.batch = batch
    settings.rate = rate ?? (isAll ? Self.defaultRates.all : Self.defaultRates.norms)
    settings.schedule = schedule
    settings.taps = loss.contentLayers
    settings.seed = seed
    return settings
  }
}

extension TrainingSettings.Trained: ExpressibleByArgument {}
extension TrainingSettings.Schedule: ExpressibleByArgument {}
