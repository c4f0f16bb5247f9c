// swift-tools-version: 6.1
import PackageDescription

// Kernels are optimized in every configuration, so that debug tests don't crawl. Each module
// is compiled for one instruction set; Tensors/KernelChoice.swift picks one when a process starts.
func kernels(_ name: String, march: String?) -> Target {
  let instructions = march.map { ["-Xcc", "-march=\($0)"] } ?? []
  return .target(
    name: name, swiftSettings: [.unsafeFlags(["-Ounchecked"] + instructions)])
}

#if arch(x86_64)
  let kernelTargets = [
    kernels("KernelsBaseline", march: nil),
    kernels("KernelsAVX2", march: "x86-64-v3"),
    kernels("KernelsAVX512", march: "x86-64-v4"),
  ]
#else
  let kernelTargets = [kernels("KernelsBaseline", march: nil)]
#endif

let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

let package = Package(
  name: "pastiche",
  products: [
    .executable(name: "pastiche", targets: ["pastiche"]),
    .library(name: "ImageFiles", targets: ["ImageFiles"]),
    .library(name: "StyleNetwork", targets: ["StyleNetwork"]),
    .library(name: "BatchStylizer", targets: ["BatchStylizer"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
  ],
  targets: kernelTargets + [
    .target(name: "AtomicFiles", dependencies: [system]),
    .target(name: "ScratchFiles", dependencies: [system]),
    .target(
      name: "CImageCodecs",
      linkerSettings: [.linkedLibrary("png"), .linkedLibrary("jpeg")]),
    .target(
      name: "ImageFiles", dependencies: ["AtomicFiles", "ScratchFiles", "CImageCodecs", system]),
    .target(name: "CPUFeatures"),
    .target(
      name: "Tensors",
      dependencies: ["CPUFeatures"] + kernelTargets.map { .target(name: $0.name) }),
    .target(name: "WeightFiles", dependencies: ["AtomicFiles", system]),
    .target(name: "StyleModels", dependencies: ["WeightFiles", system]),
    .target(name: "StyleNetwork", dependencies: ["ScratchFiles", "StyleModels", "Tensors"]),
    .target(name: "ForeignWeights", dependencies: ["StyleModels", "WeightFiles", system]),
    .target(
      name: "BatchStylizer",
      dependencies: ["ImageFiles", "ScratchFiles", "StyleNetwork", system]),
    .target(
      name: "Laboratory",
      dependencies: [
        "BatchStylizer", "ImageFiles", "ScratchFiles", "StyleNetwork", "StyleModels", system,
      ]),
    .executableTarget(
      name: "pastiche",
      dependencies: [
        "BatchStylizer", "Laboratory", "ForeignWeights", "StyleNetwork", "StyleModels",
        "ImageFiles", "ScratchFiles", system,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    .target(
      name: "TestSupport", dependencies: ["Tensors", system], path: "Tests/TestSupport"),
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    .testTarget(name: "AtomicFilesTests", dependencies: ["AtomicFiles", "TestSupport", system]),
    .testTarget(name: "ScratchFilesTests", dependencies: ["ScratchFiles", "TestSupport", system]),
    .testTarget(
      name: "ImageFilesTests",
      dependencies: ["ImageFiles", "AtomicFiles", "ScratchFiles", "TestSupport", system],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "WeightFilesTests", dependencies: ["WeightFiles", "AtomicFiles", system],
      exclude: ["Fixtures"]),
    .testTarget(name: "StyleModelsTests", dependencies: ["StyleModels", "WeightFiles", system]),
    .testTarget(
      name: "ForeignWeightsTests",
      dependencies: ["ForeignWeights", "StyleModels", "WeightFiles", system]),
    .testTarget(name: "TensorsTests", dependencies: ["Tensors", "TestSupport"]),
    .testTarget(
      name: "StyleNetworkTests",
      dependencies: [
        "StyleNetwork", "ScratchFiles", "StyleModels", "WeightFiles", "Tensors",
        "CAllocationCounter", "TestSupport", system,
      ],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "BatchStylizerTests",
      dependencies: [
        "BatchStylizer", "ImageFiles", "StyleNetwork", "StyleModels", "WeightFiles", "TestSupport",
        system,
      ]),
    .testTarget(
      name: "LaboratoryTests",
      dependencies: [
        "Laboratory", "BatchStylizer", "ImageFiles", "StyleNetwork", "StyleModels", "TestSupport",
        system,
      ]),
    .testTarget(
      name: "PageTests",
      dependencies: ["Laboratory", "ImageFiles", "TestSupport", system]),
    .testTarget(
      name: "GoldenTests",
      dependencies: ["BatchStylizer", "ImageFiles", "StyleNetwork", "StyleModels", system],
      exclude: ["Inputs", "Recorded"]),
    .testTarget(name: "CommandLineTests", dependencies: ["ImageFiles", "WeightFiles", system]),
  ]
)
