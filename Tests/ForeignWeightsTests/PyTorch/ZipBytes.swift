/// ZIP archives, sound or not.
struct ZipBytes {
  struct Entry {
    var name: String
    var data: [UInt8]
    var flags: UInt16 = 0
    var method: UInt16 = 0
    /// What the directory says, where it isn't the truth.
    var size: UInt32?
    var place: UInt32?
    /// What the entry's own header says.
    var localName: String?
    var localSize: UInt32?

    init(_ name: String, _ data: [UInt8]) {
      (self.name, self.data) = (name, data)
    }

    /// The same entry with something else about it.
    func with<Value>(_ path: WritableKeyPath<Entry, Value>, _ value: Value) -> Entry {
      var entry = self
      entry[keyPath: path] = value
      return entry
    }
  }

  var entries: [Entry]
  /// Bytes between the last entry and the directory.
  var gap: [UInt8] = []
  var end: [UInt8] = []

  init(_ entries: [Entry]) {
    self.entries = entries
  }

  var bytes: [UInt8] {
    var (bytes, directory): ([UInt8], [UInt8]) = ([], [])
    func integer<Integer: FixedWidthInteger>(_ value: Integer) -> [UInt8] {
      PickleBytes.integer(value)
    }
    for entry in entries {
      let size = entry.size ?? UInt32(entry.data.count)
      let sizes = integer(size) + integer(size)
      let place = entry.place ?? UInt32(bytes.count)
      let localName = entry.localName ?? entry.name
      directory += Array("PK\u{1}\u{2}".utf8) + integer(UInt32(0)) + integer(entry.flags)
      directory += integer(entry.method) + integer(UInt64(0)) + sizes
      directory += integer(UInt16(entry.name.utf8.count)) + [UInt8](repeating: 0, count: 12)
      directory += integer(place) + Array(entry.name.utf8)
      bytes += Array("PK\u{3}\u{4}".utf8) + integer(UInt16(0)) + integer(entry.flags)
      bytes += integer(entry.method) + integer(UInt64(0))
      bytes += integer(entry.localSize ?? size) + integer(entry.localSize ?? size)
      bytes += integer(UInt16(localName.utf8.count)) + [0, 0] + Array(localName.utf8) + entry.data
    }
    bytes += gap
    let count = integer(UInt16(entries.count))
    let start = bytes.count
    bytes += directory + end + Array("PK\u{5}\u{6}".utf8) + integer(UInt32(0)) + count + count
    return bytes + integer(UInt32(directory.count)) + integer(UInt32(start)) + [0, 0]
  }
}
