import BatchStylizer
import StyleEngine
import StyleModels
import SystemPackage

// Paints a photograph: Example MODELS/STYLE.safetensors PHOTO PAINTING
let paths = CommandLine.arguments.dropFirst().map { FilePath($0) }
guard paths.count == 3 else { fatalError("usage: Example STYLE PHOTO PAINTING") }
let style = try StyleLibrary(directories: []).style(contentsOf: paths[0])
let network = try StyleNetwork(style)
let look = Stylization(normalization: network.normalization, brush: Brush(style.advice))

let plan = try BatchPlan(
  inputs: [paths[1]], target: .file(paths[2]), recursively: false, format: .keep)
let run = try BatchRun(
  plan, styles: [.init(network, stylization: look)], options: .init(), control: BatchControl()
) { event in print(event.item.input, "→", event.item.output, event.outcome) }
_ = try run.run()
