// swift-tools-version: 6.2
import PackageDescription

// A package of its own that paints with the library: `swift run Example STYLE PHOTO PAINTING` here.
// The library's package builds the same program among its tests.
let package = Package(
  name: "example",
  dependencies: [
    .package(name: "pastiche", path: "../.."),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
  ],
  targets: [
    .executableTarget(
      name: "Example",
      dependencies: [
        .product(name: "BatchStylizer", package: "pastiche"),
        .product(name: "StyleEngine", package: "pastiche"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: [.enableUpcomingFeature("MemberImportVisibility")])
  ]
)
