// swift-tools-version: 6.2
import PackageDescription

// Apart from the package that is fuzzed, so that building and testing that one knows nothing of
// libFuzzer. `./run` builds it, with the sanitizers.

let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

func fuzzed(_ product: String) -> Target.Dependency {
  .product(name: product, package: "pastiche")
}

/// A program of libFuzzer's, which brings main with it.
func program(_ name: String, of uses: String) -> Target {
  .executableTarget(
    name: name, dependencies: ["Fuzzing", .target(name: uses)],
    swiftSettings: [.unsafeFlags(["-parse-as-library"])])
}

let package = Package(
  name: "fuzzing",
  dependencies: [
    .package(name: "pastiche", path: "../.."),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
  ],
  targets: [
    .target(name: "CFuzzing", linkerSettings: [.linkedLibrary("z")]),
    .target(name: "Fuzzing", dependencies: ["CFuzzing", system]),
    .target(name: "FuzzingPictures", dependencies: ["Fuzzing", fuzzed("ImageFiles"), system]),
    .target(name: "FuzzingWeights", dependencies: ["Fuzzing", fuzzed("StyleModels"), system]),
    program("FuzzPNG", of: "FuzzingPictures"),
    program("FuzzJPEG", of: "FuzzingPictures"),
    program("FuzzStreams", of: "FuzzingPictures"),
    program("FuzzSafetensors", of: "FuzzingWeights"),
    program("FuzzForeignWeights", of: "FuzzingWeights"),
    program("FuzzPyTorch", of: "FuzzingWeights"),
    program("FuzzONNX", of: "FuzzingWeights"),
    program("FuzzVariables", of: "FuzzingWeights"),
  ]
)
