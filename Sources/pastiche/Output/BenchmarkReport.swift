import BatchStylizer
import Sheets
import StyleEngine

/// The findings of `pastiche benchmark`, as JSON and in words. Times are medians of the runs.
struct BenchmarkReport: Encodable {
  let style: String
  let medianMs: Double
  let minimumMs: Double
  let runs: Int
  let width: Int
  let height: Int
  let jobs: Int
  let kernels: String
  let peakRssBytes: Int
  /// Bytes of memory that the plan takes.
  let memoryBytes: Int
  let scratchBytes: Int
  /// Multiplications that are done, repetitions counted.
  let doneMacs: Int
  /// The speed by the layers' definitions, so that it compares with what others do.
  let gmacsPerSecond: Double
  /// The speed that was measured, of all threads together.
  let peakGflops: Double?
  let layers: [Layer]?

  struct Layer: Encodable {
    let name: String
    let medianMs: Double
    /// The place where the layer's output is kept: memory, scratch or recomputed.
    let output: String?
    /// Multiplications by the layer's definition, and those done for it, repetitions counted.
    let directMacs: Int
    let doneMacs: Int
    /// The speed by the multiplications done.
    let gflops: Double
    let shareOfPeak: Double
  }

  /// - Parameter peak: Multiplications a second that the threads could do, where layers are told.
  init(
    _ network: StyleNetwork, _ plan: ExecutionPlan, jobs: Int, _ timing: Benchmark.Timing,
    peakResidentBytes: Int, peak: Double?
  ) {
    let (width, height) = (plan.job.sizes[0].width, plan.job.sizes[0].height)
    let costs = network.costs(width: width, height: height)
    style = network.name
    medianMs = median(timing.runs)
    minimumMs = (timing.runs.min() ?? .zero) / .milliseconds(1)
    runs = timing.runs.count
    self.width = width
    self.height = height
    self.jobs = jobs
    kernels = network.kernelName
    peakRssBytes = peakResidentBytes
    memoryBytes = plan.bytes
    scratchBytes = plan.scratchBytes
    doneMacs = plan.multiplications
    gmacsPerSecond = Double(costs.reduce(0) { $0 + $1.direct }) / medianMs / 1e6
    peakGflops = peak.map { 2 * $0 / 1e9 }
    layers = peak.map { peak in
      costs.indices.map { layer in
        let time = median(timing.layers[layer])
        let done = costs[layer].done * plan.repetitions(ofLayer: layer)
        let rate = Double(done) / time * 1000
        return Layer(
          name: costs[layer].name, medianMs: time,
          output: layer < plan.outputs.count ? plan.outputs[layer].rawValue : nil,
          directMacs: costs[layer].direct, doneMacs: done, gflops: 2 * rate / 1e9,
          shareOfPeak: rate / peak)
      }
    }
  }

  var text: String {
    var lines = [
      "\(printable(style)), \(width)x\(height), \(counted(jobs, "thread")), \(kernels) kernels: "
        + "\(decimals(medianMs, 1)) ms (median of \(runs), best \(decimals(minimumMs, 1))), "
        + "\(decimals(gmacsPerSecond, 1)) G multiplications/s, peak \(peakRssBytes >> 20) MiB, "
        + "scratch \(scratchBytes >> 20) MiB"
    ]
    if let layers, let peakGflops { lines += table(layers, peakGflops).lines }
    return lines.joined(separator: "\n")
  }

  private func table(_ layers: [Layer], _ peakGflops: Double) -> Table {
    func row(_ name: String, ms: Double, done: Int, direct: Int, gflops: Double, share: Double)
      -> [String]
    {
      [
        name, decimals(ms, 2), decimals(Double(done) / 1e6, 0), decimals(Double(direct) / 1e6, 0),
        decimals(gflops, 0), decimals(100 * share, 0),
      ]
    }
    let done = layers.reduce(0) { $0 + $1.doneMacs }
    let gflops = 2 * Double(done) / medianMs / 1e6
    let all = row(
      "all", ms: medianMs, done: done, direct: layers.reduce(0) { $0 + $1.directMacs },
      gflops: gflops, share: gflops / peakGflops)
    return Table(
      headings: [
        "layer", "ms", "M done", "M direct", "GFLOP/s", "% of \(decimals(peakGflops, 0))", "output",
      ],
      rows: layers.map { layer in
        row(
          layer.name, ms: layer.medianMs, done: layer.doneMacs, direct: layer.directMacs,
          gflops: layer.gflops, share: layer.shareOfPeak) + [layer.output ?? ""]
      } + [all],
      columns: [.left(12)] + Array(repeating: .right(10), count: 5) + [.right(13)], gap: "")
  }
}

/// Finds the median, in milliseconds.
private func median(_ times: [Duration]) -> Double {
  guard !times.isEmpty else { return 0 }
  let sorted = times.sorted()
  let middle = sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]
  return middle / .milliseconds(2)
}
