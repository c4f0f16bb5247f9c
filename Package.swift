// swift-tools-version: 6.2
import PackageDescription

// Options for where the target is x86-64, whatever the host is. Clang before Swift 6.3's passes none on
// by itself: there the host has to do.
#if compiler(>=6.3)
  func onX86(_ option: String) -> [String] { ["-Xcc", "-Xarch_x86_64", "-Xcc", option] }
#elseif arch(x86_64)
  func onX86(_ option: String) -> [String] { ["-Xcc", option] }
#else
  func onX86(_ option: String) -> [String] { [] }
#endif

// Kernels are optimized, each module as a whole (or what is inlined everywhere wouldn't be across
// files), in debug builds, too, so that tests don't crawl. Each module is compiled for one
// instruction set; Tensors/KernelChoice.swift picks one when a process starts. For other processors
// all come out as the baseline, and none but that is used.
func kernels(_ name: String, _ options: [String] = []) -> Target {
  let whole = ["-wmo", "-num-threads", "1", "-disable-batch-mode"]
  return .target(
    name: name, dependencies: ["CKernelArguments"],
    swiftSettings: [
      .unsafeFlags(["-Ounchecked"] + options),
      .unsafeFlags(whole, .when(configuration: .debug)),
    ])
}

let kernelTargets = [
  kernels("KernelsBaseline"),
  kernels("KernelsAVX2", onX86("-march=x86-64-v3")),
  kernels("KernelsAVX512", onX86("-march=x86-64-v4")),
]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

let package = Package(
  name: "pastiche",
  products: [
    .executable(name: "pastiche", targets: ["pastiche"]),
    .library(name: "ImageFiles", targets: ["ImageFiles"]),
    .library(name: "StyleModels", targets: ["WeightFiles", "StyleModels", "ForeignWeights"]),
    .library(name: "StyleEngine", targets: ["StyleModels", "Layers", "StyleEngine"]),
    .library(name: "BatchStylizer", targets: ["BatchStylizer"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
  ],
  targets: kernelTargets + [
    .target(
      name: "CImageCodecs",
      linkerSettings: [.linkedLibrary("png"), .linkedLibrary("jpeg")]),
    .target(name: "CColorManagement", linkerSettings: [.linkedLibrary("lcms2")]),
    .target(name: "CSystemFiles"),
    .target(name: "SystemFiles", dependencies: ["CSystemFiles", system]),
    .target(
      name: "ImageFiles",
      dependencies: ["SystemFiles", "CImageCodecs", "CColorManagement", system]),
    .target(name: "CPUFeatures"),
    .target(name: "CKernelArguments"),
    .target(
      name: "Tensors",
      dependencies: ["CKernelArguments", "CPUFeatures"]
        + kernelTargets.map { .target(name: $0.name) }),
    .target(name: "WeightFiles", dependencies: ["SystemFiles", system]),
    .target(
      name: "StyleModels", dependencies: ["SystemFiles", "WeightFiles", crypto, system]),
    .target(name: "Layers", dependencies: ["CKernelArguments", "StyleModels", "Tensors"]),
    .target(
      name: "StyleEngine",
      dependencies: [
        "CKernelArguments", "ImageFiles", "Layers", "StyleModels", "SystemFiles", "Tensors", system,
      ]),
    .target(
      name: "BatchStylizer",
      dependencies: ["ImageFiles", "Layers", "StyleEngine", "SystemFiles", "Tensors", system]),
    .target(
      name: "ForeignWeights",
      dependencies: ["StyleModels", "SystemFiles", "WeightFiles", protobuf, system],
      exclude: ["ONNX/onnx.proto"]),
    .target(
      name: "StyleTraining",
      dependencies: [
        "CKernelArguments", "ImageFiles", "Layers", "StyleModels", "SystemFiles",
        "Tensors", "WeightFiles", crypto, system,
      ]),
    .target(name: "Sheets", dependencies: ["ImageFiles"]),
    .target(
      name: "Pages",
      dependencies: [
        "BatchStylizer", "ImageFiles", "Layers", "StyleEngine", "SystemFiles", system,
      ],
      resources: [.embedInCode("Resources")]),
    .target(
      name: "Laboratory",
      dependencies: [
        "BatchStylizer", "ImageFiles", "Layers", "Pages", "Sheets", "StyleEngine", "StyleModels",
        "StyleTraining", "SystemFiles", "Tensors", system,
      ]),
    .executableTarget(
      name: "pastiche",
      dependencies: [
        "BatchStylizer", "CSystemFiles", "ForeignWeights", "ImageFiles", "Laboratory", "Layers",
        "Pages", "Sheets", "StyleEngine", "StyleModels", "StyleTraining", "SystemFiles", "Tensors",
        "WeightFiles", system,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    .target(
      name: "TestSupport",
      dependencies: ["CKernelArguments", "ImageFiles", "Layers", "Tensors", system],
      path: "Tests/TestSupport"),
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    .testTarget(name: "SystemFilesTests", dependencies: ["SystemFiles", "TestSupport", system]),
    .testTarget(
      name: "ImageFilesTests",
      dependencies: ["ImageFiles", "CImageCodecs", "SystemFiles", "TestSupport", system],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "WeightFilesTests",
      dependencies: ["WeightFiles", "SystemFiles", "TestSupport", system],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "StyleModelsTests",
      dependencies: ["StyleModels", "TestSupport", "WeightFiles", system],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "ForeignWeightsTests",
      dependencies: [
        "ForeignWeights", "StyleModels", "SystemFiles", "Tensors", "TestSupport", "WeightFiles",
        protobuf, system,
      ],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "TensorsTests", dependencies: ["CKernelArguments", "Tensors", "TestSupport"]),
    .testTarget(
      name: "LayersTests",
      dependencies: ["Layers", "StyleModels", "Tensors", "TestSupport", "WeightFiles", system],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "StyleEngineTests",
      dependencies: [
        "StyleEngine", "ImageFiles", "Layers", "SystemFiles", "StyleModels", "WeightFiles",
        "Tensors", "CAllocationCounter", "TestSupport", system,
      ],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "BatchStylizerTests",
      dependencies: [
        "BatchStylizer", "ImageFiles", "Layers", "StyleEngine", "StyleModels", "SystemFiles",
        "TestSupport", "WeightFiles", system,
      ]),
    .testTarget(
      name: "StyleTrainingTests",
      dependencies: [
        "StyleTraining", "ImageFiles", "Layers", "StyleModels", "SystemFiles", "Tensors",
        "TestSupport", "WeightFiles", system,
      ],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "SheetsTests", dependencies: ["Sheets", "ImageFiles", "TestSupport", system]),
    .testTarget(
      name: "PagesTests",
      dependencies: [
        "Pages", "BatchStylizer", "Layers", "StyleEngine", "ImageFiles", "TestSupport", system,
      ]),
    .testTarget(
      name: "LaboratoryTests",
      dependencies: [
        "Laboratory", "BatchStylizer", "ImageFiles", "Layers", "Sheets", "StyleEngine",
        "StyleModels", "SystemFiles", "TestSupport", "WeightFiles", system,
      ]),
    .testTarget(
      name: "PageTests",
      dependencies: ["Pages", "Laboratory", "Layers", "ImageFiles", "TestSupport", system]),
    .testTarget(
      name: "GoldenTests",
      dependencies: [
        "BatchStylizer", "ImageFiles", "Layers", "StyleEngine", "StyleModels", "TestSupport",
        system,
      ],
      exclude: ["Inputs", "Recorded"]),
    .executableTarget(
      name: "Example", dependencies: ["BatchStylizer", "StyleEngine", "StyleModels", system],
      path: "Tests/Example/Sources/Example"),
    .testTarget(
      name: "PasticheTests",
      dependencies: [
        "pastiche", "BatchStylizer", "ForeignWeights", "ImageFiles", "Laboratory", "Sheets",
        "StyleEngine", "StyleModels", "StyleTraining", "SystemFiles", "TestSupport", "WeightFiles",
        system,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .testTarget(
      name: "CommandLineTests",
      dependencies: [
        "Example", "ImageFiles", "WeightFiles", "SystemFiles", "TestSupport", crypto, system,
      ],
      exclude: ["Help", "Shims"]),
  ]
)

// What goes through samples, plans and weights is optimized in debug builds, too, whose tests would
// spend most of their time there; assertions stay.
let optimized: Set = [
  "BatchStylizer", "ForeignWeights", "ImageFiles", "Layers", "Pages", "Sheets", "StyleEngine",
  "StyleModels", "StyleTraining", "Tensors", "TestSupport", "WeightFiles",
]

for target in package.targets where !kernelTargets.contains(where: { $0 === target }) {
  target.swiftSettings = [.enableUpcomingFeature("MemberImportVisibility")]
  if optimized.contains(target.name) {
    target.swiftSettings?.append(
      .unsafeFlags(["-O", "-assert-config", "Debug"], .when(configuration: .debug)))
  }
}
