import TestSupport
import Testing
import WeightFiles

@testable import ForeignWeights

@Suite struct PyTorchCheckpointTests {
  private typealias Bytes = PickleBytes

  /// Numbers 1, 2, … as singles.
  private func singles(_ count: Int) -> [UInt8] {
    (1...count).flatMap { Bytes.integer(Float($0).bitPattern) }
  }

  private let pair = Bytes.tensor(elements: 4, shape: [2, 2], strides: [2, 1])
  private let kernel = Bytes.tensor(elements: 4, shape: [1, 1, 2, 2], strides: [4, 4, 2, 1])

  private func fault(_ members: [(String, [UInt8])], _ storages: [[UInt8]]) -> PyTorchFault? {
    ForeignWeightsTests.fault(
      reading: Bytes.archive(Bytes.dictionary(members), storages: storages))
  }

  private func names(_ members: [(String, [UInt8])]) throws -> [String] {
    let bytes = Bytes.archive(Bytes.dictionary(members), storages: [singles(4)])
    return try PyTorchCheckpoint(ByteSource(bytes)).shapes.map(\.name)
  }

  @Test func theOneNetworkIsFound() throws {
    let network = Bytes.dictionary([("w", kernel)])
    let number = Bytes.number(1)
    #expect(try names([("b", pair), ("a", kernel)]) == ["b", "a"])
    #expect(try names([("epoch", number), ("net", network)]) == ["w"])
    // A loss is a tensor, too, and other things have tensors in a dictionary.
    let scalar = Bytes.tensor(elements: 4, shape: [], strides: [])
    #expect(try names([("loss", scalar), ("net", network)]) == ["w"])
    #expect(try names([("other", Bytes.dictionary([("p", pair)])), ("net", network)]) == ["w"])
    #expect(
      fault([("net", network), ("ema", network)], [singles(4)])
        == .severalNetworks(["net", "ema"]))
    #expect(
      fault([("w", kernel), ("ema", network)], [singles(4)])
        == .severalNetworks(["the file itself", "ema"]))
    // The least deep of them: an optimizer's have shapes like the network's.
    let deep = Bytes.dictionary([("state", Bytes.dictionary([("0", network)]))])
    let model = Bytes.dictionary([("state_dict", network)])
    #expect(try names([("optimizer", deep), ("model", model)]) == ["w"])
    #expect(try names([("rng", pair), ("net", network)]) == ["w"])
    #expect(
      fault([("a", model), ("b", model)], [singles(4)])
        == .severalNetworks(["a > state_dict", "b > state_dict"]))
    #expect(fault([("epoch", number)], []) == .noTensors(found: ["epoch"]))
    #expect(fault([("w", kernel), ("n", number)], [singles(4)]) == .notTensors(["n"]))
    #expect(fault([("w", kernel), ("w", kernel)], [singles(4)]) == .duplicateTensor("w"))
  }

  /// A dictionary is looked through once, and not once for each of its names.
  @Test(.deadline(minutes: 2)) func aDictionaryOfManyNames() {
    let count = 30_000
    let numbers = [[UInt8]](repeating: Array("K\0K\0".utf8), count: count).flatMap(\.self)
    let names = [[UInt8]](repeating: Array("K\0h\0".utf8), count: count).flatMap(\.self)
    let body = Array("}(".utf8) + numbers + Array("uq\u{0}0}(".utf8) + names + Array("u".utf8)
    #expect(
      ForeignWeightsTests.fault(reading: Bytes.archive(body))
        == .noTensors(found: [String](repeating: "0", count: count)))
  }

  @Test func faultsOfStoragesAreTold() {
    #expect(fault([("w", pair)], []) == .storage("0", .missing))
    #expect(
      fault([("w", pair)], [singles(5)])
        == .storage("0", .size(expectedBytes: 16, foundBytes: 20)))
    let huge = Bytes.tensor(elements: .max, shape: [2], strides: [1])
    #expect(
      fault([("w", huge)], [singles(4)])
        == .storage("0", .size(expectedBytes: 4 * Int(Int32.max), foundBytes: 16)))
  }

  @Test(
    arguments: [
      (0, [2, 2], [2, 2]), (1, [2, 2], [2, 1]), (-1, [2], [1]), (0, [2], [-1]), (0, [-2], [1]),
      (0, [.max, .max, .max], [.max, .max, .max]), (.max, [1], [1]),
    ] as [(Int32, [Int32], [Int32])])
  func tensorsStayInTheirStorage(offset: Int32, shape: [Int32], strides: [Int32]) {
    let tensor = Bytes.tensor(elements: 4, offset: offset, shape: shape, strides: strides)
    #expect(
      fault([("w", tensor)], [singles(4)])
        == .tensor(
          "w",
          .beyondStorage(
            shape: shape.map(Int.init), strides: strides.map(Int.init), offset: Int(offset),
            elements: 4)))
  }

  @Test func emptyTensorsHaveNoElements() {
    let most = Int32.max
    let empty = Bytes.tensor(elements: 4, shape: [0, most, most, most], strides: [9, 1, 1, 1])
    #expect(fault([("w", empty)], [singles(4)]) == nil)
  }

  @Test func repetitionIsBounded() {
    let repeated = Bytes.tensor(elements: 4, shape: [1 << 22], strides: [0])
    #expect(fault([("w", repeated)], [singles(4)]) == nil)
    #expect(
      fault([("w", repeated), ("v", repeated)], [singles(4)]) == .repetition(limit: 4 + (1 << 22)))
    let most = Bytes.tensor(elements: 4, shape: [.max, .max], strides: [0, 0])
    #expect(fault([("w", most)], [singles(4)]) == .repetition(limit: 4 + (1 << 22)))
  }

  @Test func numbersAreFiniteFractions() {
    let integers = Bytes.tensor(elements: 2, shape: [2], strides: [1], type: "IntStorage")
    #expect(fault([("w", integers)], [singles(2)]) == .tensor("w", .notFloatingPoint("int")))
    let infinite = singles(2) + Bytes.integer(Float.infinity.bitPattern) + singles(1)
    #expect(
      fault([("w", pair)], [infinite]) == .tensor("w", .nonFinite(count: 1, firstIndex: 2)))
    let double = Bytes.tensor(elements: 1, shape: [1], strides: [1], type: "DoubleStorage")
    #expect(
      fault([("w", double)], [Bytes.integer(1e300.bitPattern)])
        == .tensor("w", .nonFinite(count: 1, firstIndex: 0)))
  }

  /// Every way of walking a storage, against a plain loop: dense, scattered, overlapping, in windows.
  @Test(arguments: [
    ([2, 3], [3, 1], 1), ([3, 2], [1, 3], 0), ([2, 2], [0, 1], 3), ([], [], 5),
    ([0, 3], [3, 1], 9),
    ([700, 900], [900, 1], 7), ([900, 700], [1, 900], 0),
    ([1, 3, 1, 5], [9, 200_000, 9, 40_000], 1),
    ([2, 1, 3, 1], [300_000, 1, 100_000, 1], 2), ([1000, 3], [1, 1], 0),
  ]) func viewsAreGathered(shape: [Int], strides: [Int], offset: Int) throws {
    let bytes = [9, 9, 9] + singles(640_000)
    let view = TensorView(
      storage: "0", type: .float, offset: offset, shape: shape, strides: strides)
    let gathered = try TensorGatherer(view, in: ByteSource(bytes), storage: 3..<bytes.count)
    var expected = shape.contains(0) ? [] : [offset]
    for (size, stride) in zip(shape, strides) {
      expected = expected.flatMap { start in (0..<size).map { start + $0 * stride } }
    }
    // Told apart here: a failure would compare all of them one by one.
    let isEqual = gathered.values == expected.map { Float($0 + 1) }
    #expect(isEqual)
    let extent = try #require(view.extent)
    #expect(extent.count == expected.count)
    #expect(expected.isEmpty || extent.end == (expected.max() ?? 0) + 1)
  }

  /// What older and newer PyTorch write: a tensor without gradients, one of the oldest streams' views
  /// of storages, a parameter with state, and one whose storage is plain bytes.
  @Test func otherWaysToWriteATensor() throws {
    func storage(_ type: [UInt8], _ elements: Int32, view: [UInt8] = Array("N".utf8)) -> [UInt8] {
      Bytes.tuple(
        Bytes.text("storage"), type, Bytes.text("0"), Bytes.text("cuda:1"),
        Bytes.number(elements), view) + Array("Q".utf8)
    }
    func call(_ name: String, _ arguments: [UInt8]...) -> [UInt8] {
      Bytes.global("torch._utils", name) + Array("(".utf8) + arguments.joined() + Array("tR".utf8)
    }
    func rebuilt(_ name: String, _ storage: [UInt8], _ rest: [UInt8] = []) -> [UInt8] {
      call(
        name, storage, Bytes.number(1), Bytes.tuple(Bytes.number(2)), Bytes.tuple(Bytes.number(1)),
        rest)
    }
    let floats = Bytes.global("torch", "FloatStorage")
    let view = Bytes.tuple(Bytes.text("7"), Bytes.number(1), Bytes.number(3))
    let typed = [0x89] + Array("N".utf8) + Bytes.global("torch", "float32") + Array("N".utf8)
    let plain = rebuilt("_rebuild_tensor", storage(floats, 4))
    let members = [
      ("plain", plain),
      (
        "view",
        rebuilt(
          "_rebuild_tensor_v2", storage(Bytes.global("torch.cuda", "FloatStorage"), 4, view: view))
      ),
      ("parameter", call("_rebuild_parameter_with_state", plain, [0x89], Array("NN".utf8))),
      (
        "bytes",
        rebuilt(
          "_rebuild_tensor_v3", storage(Bytes.global("torch.storage", "UntypedStorage"), 16), typed)
      ),
    ]
    let bytes = Bytes.archive(Bytes.dictionary(members), storages: [singles(4)])
    let tensors = try PyTorchCheckpoint(ByteSource(bytes)).tensors(named: members.map(\.0))
    #expect(
      tensors.mapValues(\.values)
        == ["plain": [2, 3], "view": [3, 4], "parameter": [2, 3], "bytes": [2, 3]])
  }

  @Test func numberFormats() {
    let halves: [UInt16] = [0x3C00, 0x8001, 0x7BFF]
    #expect(TorchNumber.half.decode(halves.flatMap(Bytes.integer)) == [1, -0x1p-24, 65504])
    let brains: [UInt16] = [0x3F80, 0xC040, 0x0001]
    #expect(TorchNumber.bfloat16.decode(brains.flatMap(Bytes.integer)) == [1, -3, 0x1p-133])
    let doubles = [0.1, -2].map(\.bitPattern)
    #expect(TorchNumber.double.decode(doubles.flatMap(Bytes.integer)) == [0.1, -2])
  }

  @Test func otherContainersAreNamed() {
    var tar = [UInt8](repeating: 0, count: 1024)
    tar.replaceSubrange(257..<262, with: "ustar".utf8)
    #expect(ForeignWeightsTests.fault(reading: tar) == .tar)
    #expect(ForeignWeightsTests.fault(reading: Bytes.pickle(Bytes.number(1))) == .notACheckpoint)
    let zip = ZipBytes([ZipBytes.Entry("a/b", [1])]).bytes
    #expect(ForeignWeightsTests.fault(reading: zip) == .entry("data.pkl", .missing))
    #expect(Container(of: ByteSource(ZipBytes([ZipBytes.Entry("b.npy", [1])]).bytes)) == nil)
    let program = ["s/data.pkl", "s/constants.pkl"].map { ZipBytes.Entry($0, []) }
    #expect(ForeignWeightsTests.fault(reading: ZipBytes(program).bytes) == .torchScript)
    let text = ZipBytes.Entry("s/code/__torch__.py", [1]).with(\.method, 8)
    #expect(ForeignWeightsTests.fault(reading: ZipBytes([program[0], text]).bytes) == .torchScript)
    let two = ZipBytes([ZipBytes.Entry("a/data.pkl", []), ZipBytes.Entry("b/data.pkl", [])])
    #expect(ForeignWeightsTests.fault(reading: two.bytes) == .entry("data.pkl", .duplicate))
    let big = ZipBytes([
      ZipBytes.Entry("a/data.pkl", []), ZipBytes.Entry("a/byteorder", Array("big".utf8)),
    ])
    #expect(ForeignWeightsTests.fault(reading: big.bytes) == .bigEndian)
    // A header of 640 bytes begins like a pickle.
    let safetensors = Bytes.integer(UInt64(0x280)) + Array("{".utf8)
    #expect(Container(of: ByteSource(safetensors)) == nil)
  }

  @Test func faultsOfAStreamAreTold() {
    func told(_ bytes: [UInt8]) -> PyTorchFault? { ForeignWeightsTests.fault(reading: bytes) }
    let members = [("w", pair)]
    let storage = Bytes.integer(4 as Int64) + singles(4)
    #expect(told(Bytes.stream(members, storage)) == nil)
    #expect(told(Bytes.stream(members, storage, littleEndian: 0x89)) == .bigEndian)
    #expect(told(Bytes.stream(members, storage, version: 1002)) == .notACheckpoint)
    #expect(told(Bytes.stream(members, storage + [0])) == .trailingBytes(1))
    #expect(
      told(Bytes.stream(members, storage.dropLast()))
        == .storage("0", .size(expectedBytes: 16, foundBytes: 15)))
    #expect(
      told(Bytes.stream(members, Bytes.integer(-1 as Int64) + singles(4)))
        == .storage("0", .elements(expected: 4, found: -1)))
    #expect(
      told(Bytes.stream(members, storage + storage, keys: ["0", "0"])) == .storage("0", .duplicate))
    #expect(told(Bytes.stream(members, [], keys: [])) == .storage("0", .missing))
    if case .pickle(.misplaced, _) = told(Bytes.stream(members, storage, keys: ["1"])) {
    } else {
      Issue.record("a storage that nobody described")
    }
    let start = Bytes.stream(members, storage).prefix(15)
    let long = start + [0x80, 2] + [UInt8](repeating: 0x88, count: 2 << 20)
    #expect(
      told(Array(long))
        == .pickle(.tooManyObjects(limit: Pickle.objectLimit), offset: 17 + Pickle.objectLimit))
    let text = start + Bytes.integer(0x7F_FF_FF_FF_58 as UInt64).prefix(5)
    #expect(
      told(text + [UInt8](repeating: 0, count: 2 << 20))
        == .pickle(.tooLong(limit: Pickle.byteLimit), offset: 20))
  }
}
