import Testing

@testable import StyleTraining

@Suite struct TrainingSettingsTests {
  private func settings(_ schedule: TrainingSettings.Schedule, iterations: Int = 400)
    -> TrainingSettings
  {
    var settings = TrainingSettings()
    (settings.schedule, settings.iterations, settings.rate) = (schedule, iterations, 0.01)
    return settings
  }

  private func rates(_ settings: TrainingSettings) -> [Double] {
    (0..<settings.iterations).map {
      settings.rate(ofIteration: $0, share: Double($0) / Double(settings.iterations))
    }
  }

  /// So that a training can go on for longer than it was begun for.
  @Test func constantRateDoesNotHangOnHowLongItGoesOn() {
    let short = settings(.constant, iterations: 3)
    for iteration in [0, 1, 2, 18, 19, 20, 5000] {
      let rate = short.rate(ofIteration: iteration, share: 1)
      #expect(abs(rate - 0.01 * min(1, Double(iteration + 1) / 20)) <= 1e-15)
      for iterations in [1, 400, 100_000] {
        let long = settings(.constant, iterations: iterations)
        #expect(long.rate(ofIteration: iteration, share: 0.5) == rate)
      }
    }
  }

  /// Half of all iterations, but no more than 200.
  @Test(arguments: [
    (1, 1), (2, 1), (3, 1), (10, 5), (399, 199), (400, 200), (401, 200), (10_000, 200),
  ])
  func ratesRiseAtFirst(_ iterations: Int, _ rise: Int) {
    for schedule in [TrainingSettings.Schedule.linear, .cosine] {
      let settings = settings(schedule, iterations: iterations)
      for iteration in 0..<rise {
        let rate = settings.rate(ofIteration: iteration, share: 0)
        #expect(abs(rate - 0.01 * Double(iteration + 1) / Double(rise)) <= 1e-15)
      }
      #expect(settings.rate(ofIteration: rise + 5, share: 0) == 0.01)
    }
  }

  @Test func cosineFallsSlowlyAtBothEnds() {
    let settings = settings(.cosine)
    func rate(_ share: Double) -> Double { settings.rate(ofIteration: 300, share: share) }
    for (share, left) in [(0, 1), (1.0 / 3, 0.75), (0.5, 0.5), (2.0 / 3, 0.25), (1, 0)] {
      #expect(abs(rate(share) - (1e-5 + (0.01 - 1e-5) * left)) <= 1e-12)
    }
  }

  @Test func linearFallsEvenly() {
    let settings = settings(.linear)
    for share in [0, 0.25, 0.5, 1] {
      let rate = settings.rate(ofIteration: 300, share: share)
      #expect(abs(rate - (1e-5 + (0.01 - 1e-5) * (1 - share))) <= 1e-15)
    }
  }

  /// The last iteration of a training by the clock may end a little late.
  @Test(arguments: [TrainingSettings.Schedule.linear, .cosine])
  func shareBeyondTheEndsIsThatOfTheEnds(_ schedule: TrainingSettings.Schedule) {
    let settings = settings(schedule)
    func rate(_ share: Double) -> Double { settings.rate(ofIteration: 300, share: share) }
    #expect(rate(1.2) == rate(1) && rate(-0.1) == rate(0))
  }

  @Test(arguments: TrainingSettings.Schedule.allCases, [1, 2, 20, 400, 3000])
  func ratesAreAboveZeroAndNoneExceedsTheHighest(
    _ schedule: TrainingSettings.Schedule, _ iterations: Int
  ) {
    #expect(rates(settings(schedule, iterations: iterations)).allSatisfy { $0 > 0 && $0 <= 0.01 })
  }
}
