import ArgumentParser
import Glibc
import StyleNetwork

/// `pastiche benchmark -m STYLE`
struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Time the network alone, from pixels in memory to pixels in memory.")

  @OptionGroup var style: StyleOptions

  @Option(help: ArgumentHelp("The picture's size.", valueName: "WxH"))
  var size = SizeArgument(width: 1280, height: 720)

  @OptionGroup var threads: ThreadOptions

  @Option(help: ArgumentHelp("Runs that count, after one that doesn't.", valueName: "n"))
  var rounds = 5

  @Flag(help: "Print one JSON object.")
  var json = false

  /// `1280x720`
  struct SizeArgument: ExpressibleByArgument {
    let width: Int
    let height: Int

    init(width: Int, height: Int) {
      self.width = width
      self.height = height
    }

    init?(argument: String) {
      let sides = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
      guard sides.count == 2, let width = sides[0], let height = sides[1],
        (1...65_500).contains(width), (1...65_500).contains(height)
      else { return nil }
      self.init(width: width, height: height)
    }

    var defaultValueDescription: String { "\(width)x\(height)" }
  }

  private struct Report: Encodable {
    let style: String
    let medianMs: Double
    let minimumMs: Double
    let width: Int
    let height: Int
    let jobs: Int
    let kernels: String
    let peakRssBytes: Int
    let gmacsPerSecond: Double
  }

  func validate() throws {
    guard rounds > 0 else { throw ValidationError("--rounds must be at least 1, not \(rounds)") }
  }

  func run() throws {
    let network = try network()
    let execution = NetworkExecution(network, workers: threads.count)
    let normalization = Normalization(trainedIn: network.description)
    let progress = ExecutionProgress()
    Interrupts.onFirst(progress.cancel)
    let (width, height) = (size.width, size.height)
    // Any pixels do: no layer's work depends on their values.
    let pixels = (0..<3 * width * height).map { Float($0 &* 7919 % 256) }
    var result = [Float](repeating: 0, count: pixels.count)
    let picture = Picture(
      width: width, height: height,
      readRow: { y, row in
        for x in row.indices { row[x] = pixels[y * row.count + x] }
      },
      writeRow: { y, row in
        for x in row.indices { result[y * row.count + x] = row[x] }
      })
    var times: [Double] = []
    do {
      for round in 0...rounds {
        let start = ContinuousClock.now
        try execution.run([picture], normalization: normalization, progress: progress)
        if round > 0 { times.append((ContinuousClock.now - start) / .milliseconds(1)) }
      }
    } catch StyleNetworkError.cancelled {
      throw ExitStatus.interrupted(signal: Interrupts.signal ?? SIGINT)
    }
    times.sort()
    let median = (times[(rounds - 1) / 2] + times[rounds / 2]) / 2
    let multiplications = Double(network.multiplications(width: width, height: height))
    let report = Report(
      style: network.name, medianMs: median, minimumMs: times[0], width: width, height: height,
      jobs: threads.count, kernels: network.kernelName, peakRssBytes: Self.peakResidentBytes,
      gmacsPerSecond: multiplications / median / 1e6)
    try StandardOutput.writeLine(json ? encodedJSON(report) : text(report))
  }

  private func network() throws(Refusal) -> StyleNetwork {
    do { return try StyleNetwork(try style.model().model) } catch {
      throw error as? Refusal ?? Refusal("\(error)")
    }
  }

  private func text(_ report: Report) -> String {
    """
    \(printable(report.style)), \(report.width)x\(report.height), \
    \(counted(report.jobs, "thread")), \(report.kernels) kernels: \
    \(decimals(report.medianMs, 1)) ms (median of \(rounds), best \
    \(decimals(report.minimumMs, 1))), \(decimals(report.gmacsPerSecond, 1)) G multiplications/s, \
    peak \(report.peakRssBytes >> 20) MiB
    """
  }

  private static var peakResidentBytes: Int {
    var usage = rusage()
    getrusage(RUSAGE_SELF.rawValue, &usage)
    return usage.ru_maxrss * 1024
  }
}
