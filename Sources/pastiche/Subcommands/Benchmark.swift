import ArgumentParser
import BatchStylizer
import Glibc
import ImageFiles
import Layers
import StyleEngine
import SystemFiles

/// `pastiche benchmark -m STYLE`
struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Time the network alone.",
    discussion: "From pixels in memory to pixels in memory.")

  @OptionGroup var style: StyleOptions

  @Option(help: ArgumentHelp("The picture's size, in pixels.", valueName: "WxH"))
  var size = SizeArgument(width: 1280, height: 720)

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var memory: MemoryOptions

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

  @Flag(help: "Also tell what each layer takes, beside the most that the processor could do.")
  var layers = false

  func validate() throws {
    guard rounds > 0 else { throw ValidationError("--rounds must be at least 1, not \(rounds)") }
  }

  func run() throws {
    let network = try network()
    let peak = layers ? network.measuredPeak() * Double(threads.count) : nil
    let session = NetworkSession(
      network: network, workers: threads.count, memory: memory.byteCount, scratch: memory.directory)
    let plan: ExecutionPlan
    let scratch: ScratchFile?
    do {
      plan = try network.plan(
        ExecutionPlan.Job(
          sizes: [ExecutionPlan.Job.Size(width: size.width, height: size.height)]),
        memory: memory.byteCount)
      scratch = try session.reserve(plan.scratchBytes)
    } catch {
      throw Refusal(error)
    }
    let timing = try time(session, plan, scratch)
    let report = BenchmarkReport(
      network, plan, jobs: threads.count, timing,
      peakResidentBytes: AvailableMemory.peakResidentBytes,
      peak: peak)
    try StandardOutput.writeLine(json ? encodedJSON(report) : report.text)
  }

  /// Times of the whole network, and of its layers.
  struct Timing {
    var runs: [Duration] = []
    /// The times, `[layers][runs]`.
    var layers: [[Duration]]
  }

  private func time(_ session: NetworkSession, _ plan: ExecutionPlan, _ scratch: ScratchFile?)
    throws -> Timing
  {
    let network = session.network
    let normalization = network.normalization
    let progress = ExecutionProgress()
    Interrupts.onFirst(progress.cancel)
    let (width, height) = (size.width, size.height)
    // Any pixels do: no layer's work depends on their values.
    let result = ResultRow(count: 3 * width)
    let picture = Picture(
      width: width, height: height, order: .readsAny,
      readRow: { y, row throws(ImageFileError) in
        let count = row.count
        for x in 0..<count { row[x] = Float((y &* count &+ x) &* 7919 & 255) }
      },
      writeRow: { _, row throws(ImageFileError) in result.take(row) })
    var timing = Timing(layers: network.costs(width: 8, height: 8).map { _ in [] })
    do throws(StyleNetworkError) {
      for round in 0...rounds {
        let start = ContinuousClock.now
        try session.run(
          [picture], plan: plan, scratch: scratch, normalization: normalization,
          progress: progress)
        guard round > 0 else { continue }
        timing.runs.append(.now - start)
        for (layer, taken) in session.layerTimes.enumerated() {
          timing.layers[layer].append(taken)
        }
      }
    } catch {
      guard error == .cancelled else { throw error }
      throw ExitStatus.interrupted(signal: Interrupts.signal ?? SIGINT)
    }
    return timing
  }

  private func network() throws(Refusal) -> StyleNetwork {
    do { return try StyleNetwork(try style.choice(memory).model) } catch {
      throw Refusal(error)
    }
  }

  /// The place where rows go.
  private final class ResultRow {
    private var samples: [Float]

    init(count: Int) {
      samples = [Float](repeating: 0, count: count)
    }

    func take(_ row: Span<Float>) {
      // In a variable of its own, so that not every sample is a call.
      var taken = samples
      samples = []
      for x in row.indices { taken[x] = row[x] }
      samples = taken
    }
  }
}
