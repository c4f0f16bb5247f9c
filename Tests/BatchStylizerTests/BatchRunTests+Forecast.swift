import Foundation
import ImageFiles
import Layers
import StyleEngine
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import BatchStylizer

/// What a run says it will do.
extension BatchRunTests {
  @Test func forecastTellsWhatTheRunDoes() throws {
    try photographs(3)
    try corrupt("in/corrupt.png")
    try folder.file("in/empty.png")
    try folder.file("out/1.png", holding: [1])
    let plan = try BatchPlan(
      inputs: [folder["in"]], target: .directory(folder["out"]), recursively: false,
      format: .keep, existing: .leave)
    func forecasts(_ strength: Float) throws -> [String] {
      let run = try BatchRun(
        plan,
        styles: [
          BatchRun.Style(
            network, stylization: Stylization(normalization: .instance, strength: strength))
        ],
        options: BatchRun.Options(), control: BatchControl(), observe: { _ in })
      var lines: [String] = []
      run.forecast { forecast in
        switch forecast.outcome {
        case .repainted(let info, let plan, let groupSize):
          #expect(plan.multiplications > 0 && plan.bytes > 0 && groupSize == 1)
          lines.append("\(info.width)x\(info.height)")
        case .copied(let info, let memory): lines.append("\(info.width)x\(info.height) \(memory)")
        case .unknown: lines.append("unknown")
        case .streamed: lines.append("streamed")
        case .skipped: lines.append("skipped")
        case .failed(let error): lines.append("\(error)")
        }
      }
      return lines
    }
    let empty = ItemError.image(.empty).description
    #expect(try forecasts(1) == ["9x14", "skipped", "11x12", "20x20", empty])
    #expect(try forecasts(0) == ["9x14 27", "skipped", "11x12 33", "20x20 60", empty])
    #expect(folder.files.filter { $0.hasPrefix("out/") } == ["out/1.png"])
  }
}
