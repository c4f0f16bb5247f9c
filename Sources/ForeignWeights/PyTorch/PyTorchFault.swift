import SystemPackage

/// One thing that is wrong with a file of PyTorch's.
public enum PyTorchFault: Error, Equatable, Sendable, CustomStringConvertible {
  // The file as a whole.
  case unreadable(Errno)
  case notARegularFile
  /// Bytes that should be there aren't.
  case truncated(needed: Int, found: Int)
  /// The container that PyTorch wrote before version 0.1.10.
  case tar
  /// What `torch.jit.save` wrote: a program with its weights.
  case torchScript
  /// Neither of the containers of `torch.save`.
  case notACheckpoint
  /// What another kind of computer wrote.
  case bigEndian
  case trailingBytes(Int)

  // The newer container.
  case archive(Archive)
  case entry(String, Entry)

  // The pickle, which says what the tensors are; offsets are the file's or the entry's.
  case pickle(Pickle, offset: Int)
  /// Something that isn't needed to save tensors: it is never imported or run.
  case foreignGlobal(String)
  /// The object of a class, itself a network, instead of its tensors.
  case wholeModule(String)

  // What was saved.
  /// No dictionary of tensors; `found` are the keys that are there.
  case noTensors(found: [String])
  /// Several dictionaries of tensors, by their keys.
  case severalNetworks([String])
  /// What is among the tensors, by name, and is none.
  case notTensors([String])
  case duplicateTensor(String)
  case storage(String, Storage)
  case tensor(String, Tensor)
  /// The tensors repeat what is in the file until they have more elements than this.
  case repetition(limit: Int)

  /// A fault of the ZIP archive itself.
  public enum Archive: Equatable, Sendable {
    case noDirectory
    case directoryTooLong(bytes: Int, limit: Int)
    case brokenDirectory(offset: Int)
    case zip64
  }

  /// A fault of one entry.
  public enum Entry: Equatable, Sendable {
    case duplicate
    case overlap(with: String)
    case unsafeName
    case encrypted
    case compressed(method: Int)
    /// Its bytes aren't before the directory.
    case outside
    /// Its own header and the directory don't agree.
    case contradiction
    case missing
  }

  public enum Pickle: Equatable, Sendable {
    case truncated
    case tooLong(limit: Int)
    case tooManyObjects(limit: Int)
    case unknownOpcode(UInt8)
    /// An instruction that what is there before it doesn't fit.
    case misplaced(opcode: UInt8)
  }

  public enum Storage: Equatable, Sendable {
    /// Its numbers aren't in the file.
    case missing
    case size(expectedBytes: Int, foundBytes: Int)
    case elements(expected: Int, found: Int)
    /// Its numbers are in the file more than once.
    case duplicate
  }

  public enum Tensor: Equatable, Sendable {
    case notFloatingPoint(String)
    /// Its last element isn't in its storage.
    case beyondStorage(shape: [Int], strides: [Int], offset: Int, elements: Int)
    case nonFinite(count: Int, firstIndex: Int)
  }

  public var description: String {
    switch self {
    case .unreadable(let reason): "can't be read: \(reason)"
    case .notARegularFile: "isn't a regular file"
    case .truncated(let needed, let found):
      "truncated: \(needed) bytes are needed, of which \(found) are there"
    case .tar:
      "a tar archive of PyTorch before 0.1.10; load it with a PyTorch of today and save its "
        + "state_dict anew"
    case .torchScript:
      "a TorchScript program; load it with torch.jit.load and save its tensors with "
        + "torch.save(model.state_dict(), FILE)"
    case .notACheckpoint:
      "not what torch.save wrote: save a network's tensors with torch.save(model.state_dict(), FILE)"
    case .bigEndian:
      "written on a big-endian computer; load it with PyTorch on this one and save it anew"
    case .trailingBytes(let bytes): "\(bytes) bytes after the last storage"
    case .archive(let fault): "ZIP archive: \(fault)"
    case .entry(let name, let fault): "ZIP archive: \(name): \(fault)"
    case .pickle(let fault, let offset): "pickle, byte \(offset): \(fault)"
    case .foreignGlobal(let name):
      "asks for \(name), which no tensor needs: it was not run; save the tensors alone, with "
        + "torch.save(model.state_dict(), NEW), or from this file, if you trust it, with "
        + "torch.save(torch.load(FILE, weights_only=False)[KEY], NEW)"
    case .wholeModule(let name):
      "holds a whole module (\(name)), which only its own program can read; save its tensors "
        + "there with torch.save(model.state_dict(), FILE)"
    case .noTensors(let found):
      found.isEmpty
        ? "holds no dictionary of tensors: save one with torch.save(model.state_dict(), FILE)"
        : "holds no dictionary of tensors: its keys are \(list(found))"
    case .severalNetworks(let keys):
      "holds several networks: \(list(keys)); save one alone, with torch.save(d[KEY], FILE)"
    case .notTensors(let names): "not tensors, though among them: \(list(names))"
    case .duplicateTensor(let name): "\(name): given more than once"
    case .storage(let key, let fault): "storage \(key): \(fault)"
    case .tensor(let name, let fault): "\(name): \(fault)"
    case .repetition(let limit):
      "the tensors repeat what the file holds: more than \(limit) numbers"
    }
  }
}

extension PyTorchFault.Archive: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noDirectory: "no directory at its end: it is truncated, or something follows it"
    case .directoryTooLong(let bytes, let limit):
      "a directory of \(bytes) bytes (the limit is \(limit))"
    case .brokenDirectory(let offset): "its directory is damaged at byte \(offset)"
    case .zip64: "larger than 4 GB, or its two end records don't agree"
    }
  }
}

extension PyTorchFault.Entry: CustomStringConvertible {
  public var description: String {
    switch self {
    case .duplicate: "is there more than once"
    case .overlap(let other): "overlaps \(other)"
    case .unsafeName: "a name that leads out of the archive"
    case .encrypted: "encrypted"
    case .compressed(let method):
      "compressed (method \(method)), as PyTorch doesn't; load it there and save it anew"
    case .outside: "begins or ends where no entry can be: the archive is damaged"
    case .contradiction: "its own header and the directory don't agree"
    case .missing: "missing: not an archive that torch.save wrote"
    }
  }
}

extension PyTorchFault.Pickle: CustomStringConvertible {
  public var description: String {
    switch self {
    case .truncated: "ends in the middle"
    case .tooLong(let limit): "longer than \(limit) bytes"
    case .tooManyObjects(let limit): "more than \(limit) objects"
    case .unknownOpcode(let opcode): "instruction \(opcode), which tensors don't need"
    case .misplaced(let opcode): "instruction \(opcode) doesn't fit what is there before it"
    }
  }
}

extension PyTorchFault.Storage: CustomStringConvertible {
  public var description: String {
    switch self {
    case .missing: "its numbers aren't in the file"
    case .size(let expected, let found): "expected \(expected) bytes, found \(found)"
    case .elements(let expected, let found): "expected \(expected) numbers, found \(found)"
    case .duplicate: "given more than once"
    }
  }
}

extension PyTorchFault.Tensor: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notFloatingPoint(let type): "numbers of type \(type); weights are fractions"
    case .beyondStorage(let shape, let strides, let offset, let elements):
      "shape \(shape), strides \(strides) from \(offset) on leave a storage of \(elements) numbers"
    case .nonFinite(let count, let first):
      "\(count) values aren't finite, the first at index \(first)"
    }
  }
}

/// Names, as many as a person reads.
func list(_ names: [String]) -> String {
  let shown = names.prefix(20).joined(separator: ", ")
  return names.count > 20 ? "\(shown) and \(names.count - 20) more" : shown
}
