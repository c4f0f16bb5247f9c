import Testing

@testable import ForeignWeights

@Suite struct PickleTests {
  private func fault(_ body: [UInt8]) -> PyTorchFault? {
    do throws(PyTorchFault) { _ = try Pickle(PickleBytes.pickle(body)) } catch { return error }
    return nil
  }

  private func root(_ text: String) throws -> PickleValue {
    try Pickle(Array("\(text).".utf8)).root
  }

  /// The classic: a file that runs a command when it is loaded.
  @Test(arguments: ["os", "posix", "builtins", "torch"])
  func commandsAreNamedAndNotRun(module: String) {
    let arguments = PickleBytes.tuple(PickleBytes.text("touch /tmp/pastiche-was-here"))
    let call = Array("R".utf8)
    let body = PickleBytes.global(module, "system") + arguments + call
    #expect(fault(body) == .foreignGlobal("\(module).system"))
    let named = PickleBytes.text(module) + PickleBytes.text("system") + [0x93]
    #expect(fault(named + arguments + call) == .foreignGlobal("\(module).system"))
    let inside = PickleBytes.dictionary([("a", body)])
    #expect(ForeignWeightsTests.fault(reading: PickleBytes.archive(inside)) == fault(body))
    #expect(
      PyTorchFault.foreignGlobal("os.system").description.hasPrefix(
        "asks for os.system, which no tensor needs: it was not run"))
  }

  @Test func longNamesAreCut() {
    let name = String(repeating: "n", count: 100_000)
    #expect(
      fault(PickleBytes.global("m", name)) == .foreignGlobal("m." + name.prefix(198)))
  }

  @Test func modulesAreToldFromCommands() {
    let attributes = PickleBytes.text("_parameters") + PickleBytes.text("_modules")
    let body = PickleBytes.global("net", "Style") + attributes
    #expect(fault(body) == .wholeModule("net.Style"))
    #expect(fault(PickleBytes.global("__torch__", "Style")) == .wholeModule("__torch__.Style"))
  }

  @Test func constants() throws {
    #expect(try root("I01\n") == .boolean(true))
    #expect(try root("I-12\n") == .integer(-12))
    #expect(try root("L99L\n") == .integer(99))
    #expect(try root("L99999999999999999999L\n") == .other)
    #expect(try Pickle([0x8A, 0, 0x2E]).root == .integer(0))
    #expect(try Pickle([0x8A, 2, 0xFF, 0x7F, 0x2E]).root == .integer(32767))
    #expect(try Pickle([0x8A, 2, 0xFE, 0xFF, 0x2E]).root == .integer(-2))
    #expect(
      try Pickle([0x8A, 8, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x2E]).root == .integer(.min))
    #expect(try Pickle([0x8A, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0x2E]).root == .other)
    #expect(try Pickle([0x4A, 0xFF, 0xFF, 0xFF, 0xFF, 0x2E]).root == .integer(-1))
  }

  /// Python 2 gives an ordered dictionary its pairs as a list of lists.
  @Test func orderedDictionaryOfPython2() throws {
    let pair = Array("](U\u{1}aK\u{1}e".utf8)
    let body = PickleBytes.global("collections", "OrderedDict") + Array("(](".utf8) + pair
    let pickle = try Pickle(PickleBytes.pickle(body + Array("etR".utf8)))
    let members = try #require(pickle.members(of: pickle.root))
    #expect(members.map(\.key) == [.text("a")] && members.map(\.value) == [.integer(1)])
  }

  /// What is nested 50,000 deep, or holds itself, is neither walked nor torn down by recursion.
  @Test func nestingIsHarmless() {
    let tuples = Array(")".utf8) + [UInt8](repeating: 0x85, count: 100_000)
    #expect(fault(tuples) == nil)
    let lists =
      [UInt8](repeating: UInt8(ascii: "]"), count: 50_000)
      + [UInt8](repeating: UInt8(ascii: "a"), count: 49_999)
    #expect(fault(lists) == nil)
    #expect(fault(Array("]q\u{0}h\u{0}a".utf8)) == nil)
    #expect(fault([UInt8](repeating: UInt8(ascii: "("), count: 100_000) + Array("N".utf8)) == nil)
    let archive = PickleBytes.archive(lists)
    #expect(ForeignWeightsTests.fault(reading: archive) == .noTensors(found: []))
  }

  /// Few bytes that ask for much: a list of pairs made into a dictionary again and again.
  @Test func bombsAreBounded() {
    let again = PickleBytes.global("collections", "OrderedDict") + Array("(h\u{0}tR0".utf8)
    let pairs =
      Array("](".utf8)
      + [UInt8](
        (0..<1000).flatMap { _ in Array("NN\u{86}".unicodeScalars.map { UInt8($0.value) }) })
      + Array("eq\u{0}0".utf8)
    let body = pairs + (0..<1000).flatMap { _ in again }
    if case .pickle(.tooManyObjects(Pickle.objectLimit), _) = fault(body) {
    } else {
      Issue.record("\(String(describing: fault(body)))")
    }
    let many = [UInt8](repeating: UInt8(ascii: "N"), count: Pickle.objectLimit)
    #expect(
      fault(many)
        == .pickle(.tooManyObjects(limit: Pickle.objectLimit), offset: Pickle.objectLimit + 2))
    let long = PickleBytes.archive([UInt8](repeating: UInt8(ascii: "N"), count: Pickle.byteLimit))
    #expect(
      ForeignWeightsTests.fault(reading: long)
        == .pickle(.tooLong(limit: Pickle.byteLimit), offset: 0))
  }

  /// Instructions that don't fit what is there before them; each is the last that is run.
  @Test(arguments: [
    "", "0", "1", "2", "t", "a", "s", "u", "R", "b", "Q", "(0", "(a", "}(Nu", "NNs", "N(e", "NQ",
    "h\u{1}", "]N\u{7F}", "(]R", ")R", "ccollections\nOrderedDict\n(NtR",
    "ccollections\nOrderedDict\n(](](NNNNeetR", "ctorch\nFloatStorage\n)R", "ctorch\nSize\n)R",
    "ctorch._utils\n_rebuild_parameter\n)R", "ctorch._utils\n_rebuild_tensor_v2\n)R",
    "(U\u{7}storageN))K\u{1}tQ",
  ])
  func misplacedInstructionsAreTold(body: String) {
    let found = fault(Array(body.utf8))
    switch found {
    case .pickle(.misplaced, _), .pickle(.unknownOpcode(0x7F), offset: 4): break
    default: Issue.record("\(body): \(String(describing: found))")
    }
  }

  /// Lengths past the end, and below 0.
  @Test(
    arguments: [
      [0x58, 0xFF, 0xFF, 0xFF, 0x7F], [0x58, 0xFF, 0xFF, 0xFF, 0xFF], [0x8B, 0, 0, 0, 0x80],
      [0x8D, 0, 0, 0, 0, 0, 0, 0, 0x80], [0x8D, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
      [0x8C, 9], [0x42, 9, 0, 0, 0], [0x43, 9], [0x63, 0x61], [0x4A, 0], [0x95, 0], [0x47, 0],
    ] as [[UInt8]]) func truncatedIsTold(body: [UInt8])
  {
    let found = fault(body)
    if case .pickle(.truncated, _) = found { return }
    Issue.record("\(String(describing: found))")
  }
}
