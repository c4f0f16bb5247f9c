/// A value in a pickle. What contains others is told by its number in the pickle, so that however
/// deep values are nested, nothing here is.
enum PickleValue: Equatable {
  case boolean(Bool)
  case integer(Int)
  case text(String)
  /// A tuple or a list, by its number among the containers.
  case sequence(Int)
  /// A dictionary likewise; its keys and values take turns.
  case dictionary(Int)
  case global(TorchGlobal)
  /// By its number among the storages.
  case storage(Int)
  /// By its number among the tensors.
  case tensor(Int)
  /// Something that tensors don't hang on: None, a fraction, bytes, a device.
  case other
}

/// A storage as a pickle describes it.
struct TorchStorage: Equatable {
  var key: String
  /// Nil where that is left to the tensor; then elements are bytes.
  var type: TorchNumber?
  var elements: Int
  /// The first element that a tensor's offset counts from.
  var first = 0

  var byteCount: Int? {
    let (bytes, overflow) = elements.multipliedReportingOverflow(by: type?.byteCount ?? 1)
    return overflow ? nil : bytes
  }
}

/// What a pickle holds, and where in its bytes it ends.
struct Pickle {
  var root: PickleValue = .other
  var end = 0
  var containers: [[PickleValue]] = []
  var storages: [TorchStorage] = []
  var tensors: [TensorView] = []

  /// The keys and values of a dictionary in its order, or nil where `value` is none.
  func members(of value: PickleValue) -> [(key: PickleValue, value: PickleValue)]? {
    guard case .dictionary(let number) = value else { return nil }
    let items = containers[number]
    return stride(from: 0, to: items.count - 1, by: 2).map { (items[$0], items[$0 + 1]) }
  }

  /// The items of a tuple or a list, or nil where `value` is neither.
  func items(of value: PickleValue) -> [PickleValue]? {
    guard case .sequence(let number) = value else { return nil }
    return containers[number]
  }

  /// The longest pickle that is read, in bytes (a published style's has 6 kB).
  static let byteLimit = 1 << 20
  /// Instructions and items, which bound the memory that a pickle takes.
  static let objectLimit = 1 << 18

  /// Runs the pickle that begins at `start`.
  ///
  /// The instructions are those that PyTorch's pickles of protocols 1 to 5 are made of. A global is a
  /// name for what is known here, and nothing else is called.
  ///
  /// - Throws: `PyTorchFault.pickle`, `.foreignGlobal` or `.wholeModule`.
  /// - Complexity: O(*n*) in bytes.
  init(_ bytes: [UInt8], at start: Int = 0) throws(PyTorchFault) {
    var machine = PickleMachine(bytes, at: start)
    self = try machine.run()
  }

  /// A pickle that nothing is in yet.
  init() {}
}
