import Foundation
import ImageFiles
import SystemPackage
import TestSupport

/// A folder in which a test runs the program, removed with all that is in it when let go of.
///
/// Paths are relative to it, as arguments are.
final class Folder {
  let path: FilePath
  private let logs: FilePath
  private var runs = 0

  init() throws {
    let root = URL(fileURLWithPath: NSTemporaryDirectory())
      .appendingPathComponent("pastiche-tests-\(UUID().uuidString)")
    path = FilePath(root.path).appending("here")
    logs = FilePath(root.path).appending("logs")
    for directory in [path, logs] {
      try FileManager.default.createDirectory(
        atPath: directory.string, withIntermediateDirectories: true)
    }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path.removingLastComponent().string)
  }

  // MARK: Running

  /// Runs the program in this folder, or one below it.
  func run(
    _ arguments: Program.Argument..., in directory: String = "",
    environment: [String: String] = [:], standardError: Program.StandardError = .captured
  ) throws -> Ended {
    try start(arguments, in: directory, environment: environment, standardError: standardError)
      .wait()
  }

  func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Ended {
    try start(arguments.map(Program.Argument.init(stringLiteral:)), environment: environment).wait()
  }

  /// Starts the program, or another command, with the tests' own styles at hand.
  func start(
    _ arguments: [Program.Argument], of command: FilePath = Program.executable,
    in directory: String = "", environment: [String: String] = [:],
    standardInput: String = "/dev/null", standardOutput: String? = nil,
    standardError: Program.StandardError = .captured
  ) throws -> Running {
    var variables = ProcessInfo.processInfo.environment
    variables["PASTICHE_KERNELS"] = nil
    variables["PASTICHE_MODELS"] = try TestStyles.shared.get().path.string
    runs += 1
    return try Running(
      command, arguments, in: path.pushing(FilePath(directory)), log: logs.appending("\(runs)"),
      environment: variables.merging(environment) { $1 }, standardInput: standardInput,
      standardOutput: standardOutput, standardError: standardError)
  }

  /// Runs the program with standard input from, or standard output to, a file of this folder.
  func run(
    _ arguments: Program.Argument..., from input: String? = nil, to output: String? = nil
  ) throws -> Ended {
    try start(
      arguments, standardInput: input.map { "\(path)/\($0)" } ?? "/dev/null",
      standardOutput: output.map { "\(path)/\($0)" }
    ).wait()
  }

  // MARK: Files

  func directory(_ name: String) throws {
    try FileManager.default.createDirectory(
      atPath: path.pushing(FilePath(name)).string, withIntermediateDirectories: true)
  }

  func file(_ name: String, _ bytes: [UInt8] = []) throws {
    let file = path.pushing(FilePath(name))
    try directory(FilePath(name).removingLastComponent().string)
    try Data(bytes).write(to: URL(fileURLWithPath: file.string))
  }

  /// A shell script that can be executed.
  func script(_ name: String, _ text: String) throws {
    try file(name, Array("#!/bin/sh\n\(text)\n".utf8))
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: path.pushing(FilePath(name)).string)
  }

  func bytes(_ name: String) throws -> [UInt8] {
    try path.pushing(FilePath(name)).bytes
  }

  func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: path.pushing(FilePath(name)).string)
  }

  func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: path.pushing(FilePath(name)).string)
  }

  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: path.pushing(FilePath(name)).string, withDestinationPath: target)
  }

  /// The files below a directory, relative to it and sorted; none where there is no such directory.
  /// Hidden ones and temporaries are among them.
  func files(in name: String) -> [String] {
    let directory = path.pushing(FilePath(name)).string
    let all = FileManager.default.enumerator(atPath: directory)?.compactMap { $0 as? String } ?? []
    return all.filter { file in
      var isDirectory: ObjCBool = false
      _ = FileManager.default.fileExists(
        atPath: "\(directory)/\(file)", isDirectory: &isDirectory)
      return !isDirectory.boolValue
    }.sorted()
  }

  // MARK: Pictures

  /// Writes a picture of soft shapes and some grain, another one for each seed.
  func picture(
    _ name: String, width: Int = 12, height: Int = 9, seed: Int = 1, format: ImageFormat = .png,
    hasAlpha: Bool = false, isGray: Bool = false
  ) throws {
    let file = path.pushing(FilePath(name))
    try directory(FilePath(name).removingLastComponent().string)
    try Self.picture(
      file, width: width, height: height, seed: seed, format: format, hasAlpha: hasAlpha,
      isGray: isGray)
  }

  static func picture(
    _ file: FilePath, width: Int = 12, height: Int = 9, seed: Int = 1, format: ImageFormat = .png,
    hasAlpha: Bool = false, isGray: Bool = false
  ) throws {
    var bytes: [UInt8] = []
    let pixels = PixelFormat(hasAlpha: hasAlpha)
    bytes.reserveCapacity(height * pixels.bytesPerRow(width: width))
    var samples = Samples(seed: UInt64(seed))
    for y in 0..<height {
      for x in 0..<width {
        let grain = Int(samples.byte() & 31)
        for channel in 0..<3 {
          let part = isGray ? 0 : channel
          let shape = (x * (3 + part) + y * (5 - part) + 40 * seed * (part + 1)) % 224
          bytes.append(UInt8(shape + grain))
        }
        // The left half can't be seen.
        if hasAlpha { bytes.append(2 * x < width ? 0 : 255) }
      }
    }
    try write(Image(width: width, height: height, pixels: pixels, bytes: bytes), file, format)
  }

  static func write(_ image: Image, _ file: FilePath, _ format: ImageFormat) throws {
    let sink = try ImageFile.create(
      file, format: format, width: image.width, height: image.height, pixels: image.pixels,
      options: EncodingOptions(compression: 1), replacing: true)
    try image.write(to: sink)
    try sink.finish()
  }

  func image(_ name: String) throws -> Image {
    try Image(reading: ImageFile.open(path.pushing(FilePath(name))))
  }

  func format(_ name: String) throws -> ImageFormat {
    try ImageFile.format(of: path.pushing(FilePath(name)))
  }
}

/// The largest difference of two pictures' samples, or nil where their sizes or formats differ.
func difference(_ a: Image, _ b: Image) -> Int? {
  guard (a.width, a.height, a.pixels) == (b.width, b.height, b.pixels) else { return nil }
  return zip(a.bytes, b.bytes).reduce(0) { max($0, abs(Int($1.0) - Int($1.1))) }
}
