/// Python's pickle machine, for the instructions that tensors need.
///
/// Python's `pickletools` describes them all.
struct PickleMachine {
  private let bytes: [UInt8]
  private var position: Int
  /// The instruction that is being run.
  private var opcode: UInt8 = 0
  private var objects = 0
  private var stack: [PickleValue] = []
  /// Where on the stack the marks are.
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  private var pickle = Pickle()

  init(_ bytes: [UInt8], at start: Int) {
    self.bytes = bytes
    position = start
  }

  mutating func run() throws(PyTorchFault) -> Pickle {
    repeat {
      opcode = UInt8(truncatingIfNeeded: try integer(UInt8.self))
      try count(1)
      try step()
    } while opcode != UInt8(ascii: ".")
    pickle.end = position
    return pickle
  }

  private mutating func step() throws(PyTorchFault) {
    switch Unicode.Scalar(opcode) {
    case ".": pickle.root = try pop()
    case "\u{80}": _ = try integer(UInt8.self)  // The protocol.
    case "\u{95}": _ = try integer(Int64.self)  // A frame's length.

    // Constants.
    case "N": stack.append(.other)
    case "\u{88}": stack.append(.boolean(true))
    case "\u{89}": stack.append(.boolean(false))
    case "J": stack.append(.integer(try integer(Int32.self)))
    case "K": stack.append(.integer(try integer(UInt8.self)))
    case "M": stack.append(.integer(try integer(UInt16.self)))
    case "\u{8A}": stack.append(long(try take(integer(UInt8.self))))
    case "\u{8B}": stack.append(long(try take(integer(Int32.self))))
    case "I", "L": stack.append(decimal(try line()))
    case "G":
      _ = try take(8)
      stack.append(.other)
    case "X", "T": stack.append(.text(try text(integer(Int32.self))))
    case "U", "\u{8C}": stack.append(.text(try text(integer(UInt8.self))))
    case "\u{8D}": stack.append(.text(try text(integer(Int64.self))))
    case "C":
      _ = try take(integer(UInt8.self))
      stack.append(.other)
    case "B":
      _ = try take(integer(Int32.self))
      stack.append(.other)

    // The stack and the memo.
    case "(": marks.append(stack.count)
    case "0": _ = try pop()
    case "1": _ = try popMarked()
    case "2": stack.append(try top())
    case "q": memo[try integer(UInt8.self)] = try top()
    case "r": memo[try integer(UInt32.self)] = try top()
    case "\u{94}": memo[memo.count] = try top()
    case "h": try recall(integer(UInt8.self))
    case "j": try recall(integer(UInt32.self))

    // Containers.
    case ")", "]": try pushSequence([])
    case "}": try pushDictionary([])
    case "\u{85}": try pushSequence(pop(1))
    case "\u{86}": try pushSequence(pop(2))
    case "\u{87}": try pushSequence(pop(3))
    case "t", "l": try pushSequence(popMarked())
    case "d": try pushDictionary(popMarked())
    case "a": try append([pop()])
    case "e": try append(popMarked())
    case "s": try set(pop(2))
    case "u": try set(popMarked())

    // Objects.
    case "c": try pushGlobal("\(line()).\(line())")
    case "\u{93}":
      guard case let names = try pop(2), case .text(let module) = names[0],
        case .text(let name) = names[1]
      else { throw misplaced }
      try pushGlobal("\(module).\(name)")
    case "R":
      let parts = try pop(2)
      guard case .global(let global) = parts[0], let arguments = pickle.items(of: parts[1])
      else { throw misplaced }
      try call(global, arguments)
    case "b": _ = try pop()  // Attributes, such as a state dictionary's `_metadata`.
    case "Q": try pushStorage(pickle.items(of: pop()) ?? [])
    default: throw .pickle(.unknownOpcode(opcode), offset: position - 1)
    }
  }

  private var misplaced: PyTorchFault {
    .pickle(.misplaced(opcode: opcode), offset: position)
  }

  /// Counts what takes memory.
  private mutating func count(_ more: Int) throws(PyTorchFault) {
    objects += more
    guard objects <= Pickle.objectLimit else {
      throw .pickle(.tooManyObjects(limit: Pickle.objectLimit), offset: position)
    }
  }
}

// The bytes.
extension PickleMachine {
  private mutating func integer<Integer: FixedWidthInteger>(
    _ type: Integer.Type
  ) throws(PyTorchFault) -> Int {
    guard let value = bytes.integer(at: position, as: type) else {
      throw .pickle(.truncated, offset: position)
    }
    position += Integer.bitWidth / 8
    return value
  }

  private mutating func take(_ count: Int) throws(PyTorchFault) -> ArraySlice<UInt8> {
    guard count >= 0, count <= bytes.count - position else {
      throw .pickle(.truncated, offset: position)
    }
    defer { position += count }
    return bytes[position..<position + count]
  }

  private mutating func text(_ count: Int) throws(PyTorchFault) -> String {
    String(decoding: try take(count), as: UTF8.self)
  }

  private mutating func line() throws(PyTorchFault) -> String {
    guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else {
      throw .pickle(.truncated, offset: bytes.count)
    }
    defer { position = end + 1 }
    return String(decoding: bytes[position..<end], as: UTF8.self)
  }

  /// A signed little-endian integer; those past 64 bits aren't sizes of anything.
  private func long(_ bytes: ArraySlice<UInt8>) -> PickleValue {
    guard bytes.count <= 8 else { return .other }
    let value = bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    let unused = 64 - 8 * bytes.count
    return .integer(bytes.isEmpty ? 0 : (value << unused) >> unused)
  }

  /// An integer in digits, perhaps with an L; `00` and `01` are booleans.
  private func decimal(_ line: String) -> PickleValue {
    switch line {
    case "00": .boolean(false)
    case "01": .boolean(true)
    default: Int(line.hasSuffix("L") ? line.dropLast() : line[...]).map { .integer($0) } ?? .other
    }
  }
}

// The stack.
extension PickleMachine {
  /// How far down values may be taken: a mark shields what is under it.
  private var floor: Int { marks.last ?? 0 }

  private func top() throws(PyTorchFault) -> PickleValue {
    guard stack.count > floor, let top = stack.last else { throw misplaced }
    return top
  }

  private mutating func pop() throws(PyTorchFault) -> PickleValue {
    let top = try top()
    stack.removeLast()
    return top
  }

  private mutating func pop(_ count: Int) throws(PyTorchFault) -> [PickleValue] {
    guard stack.count - floor >= count else { throw misplaced }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  /// The values above the last mark, which goes with them.
  private mutating func popMarked() throws(PyTorchFault) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw misplaced }
    defer { stack.removeLast(stack.count - mark) }
    return Array(stack[mark...])
  }

  private mutating func recall(_ number: Int) throws(PyTorchFault) {
    guard let value = memo[number] else { throw misplaced }
    stack.append(value)
  }

  private mutating func pushSequence(_ items: [PickleValue]) throws(PyTorchFault) {
    try count(items.count)
    stack.append(.sequence(pickle.containers.count))
    pickle.containers.append(items)
  }

  private mutating func pushDictionary(_ items: [PickleValue]) throws(PyTorchFault) {
    guard items.count.isMultiple(of: 2) else { throw misplaced }
    try count(items.count)
    stack.append(.dictionary(pickle.containers.count))
    pickle.containers.append(items)
  }

  private mutating func append(_ items: [PickleValue]) throws(PyTorchFault) {
    guard case .sequence(let number) = try top() else { throw misplaced }
    try count(items.count)
    pickle.containers[number] += items
  }

  private mutating func set(_ items: [PickleValue]) throws(PyTorchFault) {
    guard items.count.isMultiple(of: 2), case .dictionary(let number) = try top() else {
      throw misplaced
    }
    try count(items.count)
    pickle.containers[number] += items
  }
}

// The objects.
extension PickleMachine {
  private mutating func pushGlobal(_ name: String) throws(PyTorchFault) {
    if let global = TorchGlobal(name) {
      stack.append(.global(global))
      return
    }
    // The attributes that every module has.
    let isModule = ["_parameters", "_modules"].allSatisfy { holds($0) }
    let shown = String(name.prefix(200))
    throw isModule || name.hasPrefix("__torch__.") ? .wholeModule(shown) : .foreignGlobal(shown)
  }

  /// Whether the rest of the pickle has this text.
  private func holds(_ text: String) -> Bool {
    let first = text.utf8.first
    return bytes[position...].indices.contains { index in
      bytes[index] == first && bytes[index...].starts(with: text.utf8)
    }
  }

  private mutating func call(
    _ global: TorchGlobal, _ arguments: [PickleValue]
  ) throws(PyTorchFault) {
    switch global {
    case .orderedDictionary:
      // Python 2 gives the pairs at once, Python 3 sets them afterwards.
      let pairs = arguments.first.map { pickle.items(of: $0) } ?? []
      guard arguments.count <= 1, let pairs else { throw misplaced }
      try count(pairs.count)
      let items = pairs.map { pickle.items(of: $0) ?? [] }
      guard items.allSatisfy({ $0.count == 2 }) else { throw misplaced }
      try pushDictionary(items.flatMap { $0 })
    case .size:
      guard arguments.count == 1, case .sequence = arguments[0] else { throw misplaced }
      stack.append(arguments[0])
    case .device: stack.append(.other)
    case .rebuildParameter:
      guard case .tensor? = arguments.first else { throw misplaced }
      stack.append(arguments[0])
    case .rebuildTensor, .rebuildTypedTensor: try pushTensor(global, arguments)
    case .storage, .number: throw misplaced
    }
  }

  /// `(storage, offset, size, strides, requires_grad, hooks, type, …)`, the last of a typed one alone.
  private mutating func pushTensor(
    _ global: TorchGlobal, _ arguments: [PickleValue]
  ) throws(PyTorchFault) {
    guard arguments.count >= 4, case .storage(let number) = arguments[0],
      case .integer(let offset) = arguments[1], let shape = integers(arguments[2]),
      let strides = integers(arguments[3]), shape.count == strides.count
    else { throw misplaced }
    let storage = pickle.storages[number]
    var type = storage.type
    if global == .rebuildTypedTensor, arguments.count > 6,
      case .global(.number(let number)) = arguments[6]
    {
      type = number
    }
    let (first, overflow) = offset.addingReportingOverflow(storage.first)
    guard let type, !overflow else { throw misplaced }
    try count(shape.count)
    stack.append(.tensor(pickle.tensors.count))
    pickle.tensors.append(
      TensorView(storage: storage.key, type: type, offset: first, shape: shape, strides: strides))
  }

  /// The integers of a shape, which has at most PyTorch's own 64 extents.
  private func integers(_ value: PickleValue) -> [Int]? {
    guard let items = pickle.items(of: value), items.count <= 64 else { return nil }
    let integers = items.compactMap { if case .integer(let value) = $0 { value } else { nil } }
    return integers.count == items.count ? integers : nil
  }

  /// `("storage", type, key, device, elements, view)`; the view, of the oldest files alone, is
  /// `(key, first, elements)` or None.
  private mutating func pushStorage(_ parts: [PickleValue]) throws(PyTorchFault) {
    guard parts.count >= 5, parts[0] == .text("storage"),
      case .global(.storage(let type)) = parts[1], case .text(let key) = parts[2],
      case .integer(let elements) = parts[4], elements >= 0
    else { throw misplaced }
    var storage = TorchStorage(key: key, type: type, elements: elements)
    if parts.count > 5, let view = pickle.items(of: parts[5]) {
      guard view.count == 3, case .integer(let first) = view[1], first >= 0 else {
        throw misplaced
      }
      storage.first = first
    }
    stack.append(.storage(pickle.storages.count))
    pickle.storages.append(storage)
  }
}
