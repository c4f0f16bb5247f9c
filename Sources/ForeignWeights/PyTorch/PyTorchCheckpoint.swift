import StyleModels
import SystemPackage
import WeightFiles

/// The tensors of one network in a file that `torch.save` wrote.
///
/// Both containers are read: the ZIP archive of PyTorch 1.6 and later, and the stream of pickles
/// before it. What was saved is a dictionary of tensors, or a checkpoint that has one among its
/// values. The pickle is run by a machine that knows the few names that tensors need, and nothing of
/// the file is ever imported or called. Names, shapes and number formats are read at once, numbers
/// when they are asked for.
public struct PyTorchCheckpoint: Sendable {
  /// The tensors' names and shapes in the order in which they were saved, which is that in which the
  /// network's parts were made.
  public let shapes: [(name: String, shape: [Int])]

  private let source: ByteSource
  private let views: [String: TensorView]
  /// The bytes of each storage, by its key.
  private let storages: [String: Range<Int>]
  /// The most elements that tensors are read of: what the file holds, and little more.
  private let elementLimit: Int

  /// Reads the file at `path`.
  ///
  /// - Throws: `ForeignWeightsError.pyTorch` with the fault.
  /// - Complexity: O(*n*) in the number of tensors, whatever their size.
  public init(contentsOf path: FilePath) throws(ForeignWeightsError) {
    do throws(PyTorchFault) {
      try self.init(ByteSource(contentsOf: path))
    } catch {
      throw .pyTorch([error])
    }
  }

  /// Whether the file at `path` begins as PyTorch's containers do; others begin so, too.
  public static func recognizes(fileAt path: FilePath) -> Bool {
    guard let source = try? ByteSource(contentsOf: path) else { return false }
    return Container(of: source) != nil
  }

  init(_ source: ByteSource) throws(PyTorchFault) {
    let contents = try Contents(of: source)
    var storages: [String: Range<Int>] = [:]
    var elements = 0
    for storage in contents.pickle.storages {
      let (key, expected) = (storage.key, storage.byteCount)
      guard let place = contents.storages[key] else { throw .storage(key, .missing) }
      guard let expected, expected == place.count else {
        throw .storage(key, .size(expectedBytes: expected ?? .max, foundBytes: place.count))
      }
      if storages.updateValue(place, forKey: key) == nil { elements += storage.elements }
    }
    elementLimit = elements + (1 << 22)
    let tensors = try contents.pickle.network()
    var views: [String: TensorView] = [:]
    for (name, view) in tensors {
      guard views.updateValue(view, forKey: name) == nil else { throw .duplicateTensor(name) }
    }
    shapes = tensors.map { ($0.name, $0.view.shape) }
    (self.source, self.views, self.storages) = (source, views, storages)
  }

  /// Reads tensors, `[O, I, K, K]` or `[C]`, in row-major order however they are stored: halves,
  /// bfloat16 and singles as they are, doubles rounded to the nearest single.
  ///
  /// - Parameter names: Names among those of `shapes`.
  /// - Throws: `ForeignWeightsError.pyTorch` with every tensor at fault: of integers, beyond its
  ///   storage, not finite, or, all together, far more than the file holds.
  /// - Complexity: O(*n*) in elements, which are read twice. Of what is refused one tensor is in memory.
  public func tensors(
    named names: some Sequence<String>
  ) throws(ForeignWeightsError) -> [String: StoredTensor] {
    var faults: [PyTorchFault] = []
    var found: [(name: String, view: TensorView, storage: Range<Int>)] = []
    var elements = 0
    for name in names {
      guard let view = views[name], let storage = storages[view.storage] else { continue }
      let stored = storage.count / view.type.byteCount
      if !view.type.isFloatingPoint {
        faults.append(.tensor(name, .notFloatingPoint(view.type.rawValue)))
      } else if let (count, end) = view.extent, count == 0 || end <= stored {
        if count > elementLimit - elements { throw .pyTorch([.repetition(limit: elementLimit)]) }
        elements += count
        found.append((name, view, storage))
      } else {
        faults.append(
          .tensor(
            name,
            .beyondStorage(
              shape: view.shape, strides: view.strides, offset: view.offset, elements: stored)))
      }
    }
    guard faults.isEmpty else { throw .pyTorch(faults) }
    func values(_ view: TensorView, _ storage: Range<Int>) throws(ForeignWeightsError) -> [Float] {
      do throws(PyTorchFault) {
        return try TensorGatherer(view, in: source, storage: storage).values
      } catch {
        throw .pyTorch([error])
      }
    }
    // Looked at one by one before any is kept: halves take twice their bytes in the file.
    for (name, view, storage) in found {
      let values = try values(view, storage)
      if let first = values.firstIndex(where: { !$0.isFinite }) {
        let count = values.count { !$0.isFinite }
        faults.append(.tensor(name, .nonFinite(count: count, firstIndex: first)))
      }
    }
    guard faults.isEmpty else { throw .pyTorch(faults) }
    var tensors: [String: StoredTensor] = [:]
    for (name, view, storage) in found {
      tensors[name] = StoredTensor(shape: view.shape, values: try values(view, storage))
    }
    return tensors
  }
}

extension Pickle {
  /// A dictionary with tensors.
  private struct TensorDictionary {
    /// The keys that lead to it.
    let path: [PickleValue]
    let members: [(key: PickleValue, value: PickleValue)]
    /// The numbers of extents of its tensors.
    let ranks: Set<Int>
  }

  /// The tensors of the one network that was saved: the dictionary with a convolution, `[O, I, K, K]`,
  /// that is the least deep in what was saved, itself or a value of it for one; where none has a
  /// convolution, the only one with tensors.
  func network() throws(PyTorchFault) -> [(name: String, view: TensorView)] {
    let levels = dictionaries
    let networks =
      levels.lazy.map { $0.filter { $0.ranks.contains(4) } }.first { !$0.isEmpty }
      ?? levels.joined().filter { $0.ranks.contains { $0 > 0 } }
    let chosen = networks.isEmpty ? Array(levels.joined()) : networks
    guard let network = chosen.first else {
      throw .noTensors(found: (members(of: root) ?? []).map { name($0.key) })
    }
    guard chosen.count == 1 else {
      throw .severalNetworks(
        chosen.map { network in
          let names = network.path.map { name($0).prefix(80) }
          return names.isEmpty ? "the file itself" : names.joined(separator: " > ")
        })
    }
    return try tensors(in: network.members)
  }

  /// The dictionaries with tensors, by how many keys lead to them: none or one, two, three. Each counts
  /// where it is found first.
  private var dictionaries: [[TensorDictionary]] {
    var levels: [[TensorDictionary]] = [[]]
    var seen: Set<Int> = []
    var level: [(path: [PickleValue], value: PickleValue)] = [([], root)]
    for depth in 0...3 {
      var found: [TensorDictionary] = []
      var below: [(path: [PickleValue], value: PickleValue)] = []
      for (path, value) in level {
        switch value {
        case .dictionary(let number), .sequence(let number):
          guard seen.insert(number).inserted else { continue }
        default: continue
        }
        let members =
          members(of: value)
          ?? (items(of: value) ?? []).enumerated().map { (.integer($0.offset), $0.element) }
        for (key, value) in members {
          switch value {
          case .dictionary, .sequence: below.append((path + [key], value))
          default: continue
          }
        }
        let ranks = members.compactMap {
          if case .tensor(let number) = $0.value { tensors[number].shape.count } else { nil }
        }
        guard !ranks.isEmpty, case .dictionary = value else { continue }
        found.append(TensorDictionary(path: path, members: members, ranks: Set(ranks)))
      }
      if depth < 2 { levels[0] += found } else { levels.append(found) }
      level = below
    }
    return levels
  }

  private func tensors(
    in members: [(key: PickleValue, value: PickleValue)]
  ) throws(PyTorchFault) -> [(name: String, view: TensorView)] {
    var found: [(name: String, view: TensorView)] = []
    var others: [String] = []
    for (key, value) in members {
      if case .tensor(let number) = value {
        found.append((name(key), tensors[number]))
      } else {
        others.append(name(key))
      }
    }
    guard others.isEmpty else { throw .notTensors(others) }
    return found
  }

  private func name(_ key: PickleValue) -> String {
    switch key {
    case .text(let text): text
    case .integer(let number): String(number)
    default: "a key that is no text"
    }
  }
}
