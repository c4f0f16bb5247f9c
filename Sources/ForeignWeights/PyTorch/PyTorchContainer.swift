/// The containers of PyTorch's files, by how they begin.
enum Container {
  /// Since PyTorch 1.6: a ZIP archive of a pickle and the storages.
  case archive
  /// Before: pickles one after the other, the first of them a number, then the storages. `start` is
  /// where the second pickle begins.
  case stream(start: Int)
  /// Before PyTorch 0.1.10.
  case tar
  /// A pickle that isn't PyTorch's.
  case otherPickle

  /// The container of what begins so, or nil where it is none of these.
  init?(of source: ByteSource) {
    guard let start = try? source.bytes(0..<min(source.count, 512)) else { return nil }
    func stands(_ text: String, at offset: Int) -> Bool {
      start.dropFirst(offset).starts(with: text.utf8)
    }
    // 0x1950a86a20f9469cfc6c as pickles of protocols 2 to 5 have it, and the pickle's end.
    let magic: [UInt8] = [
      0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
    ]
    let isPickle = start.count > 1 && start[0] == 0x80 && (2...5).contains(start[1])
    // NumPy's archives begin with an array's name.
    let isOfArrays = start.indices.contains { stands(".npy", at: $0) }
    if stands("PK\u{3}\u{4}", at: 0), !isOfArrays {
      self = .archive
    } else if stands("ustar", at: 257) {
      self = .tar
    } else if isPickle,
      let offset = [2, 11].first(where: { start.dropFirst($0).starts(with: magic) })
    {
      self = .stream(start: offset + magic.count)
    } else if isPickle, start.count < 9 || !stands("{", at: 8) {
      // Eight bytes and a brace may begin safetensors, too.
      self = .otherPickle
    } else {
      return nil
    }
  }
}

/// What a container holds: the pickle, and where the numbers of each storage are.
struct Contents {
  let pickle: Pickle
  /// The bytes of each storage, by its key.
  let storages: [String: Range<Int>]

  /// Reads a container, but for the numbers.
  ///
  /// - Complexity: O(*n*) in the pickle's bytes, O(*s* log *s*) in storages.
  init(of source: ByteSource) throws(PyTorchFault) {
    switch Container(of: source) {
    case .archive: try self.init(archive: source)
    case .stream(let start): try self.init(stream: source, from: start)
    case .tar: throw .tar
    case .otherPickle, nil: throw .notACheckpoint
    }
  }

  /// Reads an archive of `NAME/data.pkl`, `NAME/data/KEY` for each storage, and `NAME/byteorder`.
  private init(archive source: ByteSource) throws(PyTorchFault) {
    let entries = try ZipArchive(source).entries
    let pickles = entries.keys.filter { $0.split(separator: "/").last == "data.pkl" }
    guard let name = pickles.first, pickles.count == 1, let place = entries[name] else {
      throw pickles.isEmpty ? .entry("data.pkl", .missing) : .entry("data.pkl", .duplicate)
    }
    let folder = name.dropLast("data.pkl".count)
    if entries["\(folder)constants.pkl"] != nil { throw .torchScript }
    if let order = entries["\(folder)byteorder"],
      try !source.bytes(order.prefix(6)).elementsEqual("little".utf8)
    {
      throw .bigEndian
    }
    guard place.count <= Pickle.byteLimit else {
      throw .pickle(.tooLong(limit: Pickle.byteLimit), offset: 0)
    }
    pickle = try Pickle(source.bytes(place))
    var storages: [String: Range<Int>] = [:]
    for (name, place) in entries where name.hasPrefix("\(folder)data/") {
      storages[String(name.dropFirst(folder.count + "data/".count))] = place
    }
    self.storages = storages
  }

  /// Reads a stream: the version of its form, what the computer was like, the object, the storages'
  /// keys, and each storage as its number of elements and they.
  private init(stream source: ByteSource, from start: Int) throws(PyTorchFault) {
    let bytes = try source.bytes(0..<min(source.count, Pickle.byteLimit))
    var position = start
    func next() throws(PyTorchFault) -> Pickle {
      do throws(PyTorchFault) {
        let pickle = try Pickle(bytes, at: position)
        position = pickle.end
        return pickle
      } catch {
        if case .pickle(.truncated, let offset) = error, bytes.count < source.count {
          throw .pickle(.tooLong(limit: Pickle.byteLimit), offset: offset)
        }
        throw error
      }
    }
    guard case .integer(1001) = try next().root else { throw .notACheckpoint }
    let computer = try next()
    for (key, value) in computer.members(of: computer.root) ?? []
    where key == .text("little_endian") && value != .boolean(true) {
      throw .bigEndian
    }
    pickle = try next()
    let keys = try next()
    let described = Dictionary(pickle.storages.map { ($0.key, $0) }) { first, _ in first }
    var storages: [String: Range<Int>] = [:]
    for key in keys.items(of: keys.root) ?? [] {
      guard case .text(let key) = key, let storage = described[key] else {
        throw .pickle(.misplaced(opcode: UInt8(ascii: ".")), offset: position)
      }
      let length = try source.bytes(position..<min(position + 8, source.count))
      guard let elements = length.integer(at: 0, as: Int64.self) else {
        throw .truncated(needed: position + 8, found: source.count)
      }
      guard elements == storage.elements, let bytes = storage.byteCount else {
        throw .storage(key, .elements(expected: storage.elements, found: elements))
      }
      position += 8
      guard bytes <= source.count - position else {
        throw .storage(key, .size(expectedBytes: bytes, foundBytes: source.count - position))
      }
      guard storages.updateValue(position..<position + bytes, forKey: key) == nil else {
        throw .storage(key, .duplicate)
      }
      position += bytes
    }
    guard position == source.count else { throw .trailingBytes(source.count - position) }
    self.storages = storages
  }
}
