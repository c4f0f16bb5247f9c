/// The few names that a pickle of tensors asks for. Nothing is imported: each stands for what is done
/// here in its place.
enum TorchGlobal: Equatable {
  /// `collections.OrderedDict`.
  case orderedDictionary
  /// `torch._utils._rebuild_tensor`, also `_v2`.
  case rebuildTensor
  /// `torch._utils._rebuild_tensor_v3`, which says itself what the numbers are.
  case rebuildTypedTensor
  /// `torch._utils._rebuild_parameter`, also `_with_state`.
  case rebuildParameter
  /// `torch.FloatStorage` and its like; nil for bytes that a tensor gives a type.
  case storage(TorchNumber?)
  /// `torch.float32` and its like.
  case number(TorchNumber)
  /// `torch.Size`.
  case size
  /// `torch.device`.
  case device

  /// The global called `name`, with its module, or nil where tensors don't need it.
  init?(_ name: String) {
    guard let global = Self.all[name] else { return nil }
    self = global
  }

  private static let all: [String: TorchGlobal] = {
    var all: [String: TorchGlobal] = [
      "collections.OrderedDict": .orderedDictionary,
      "torch.Size": .size,
      "torch.device": .device,
    ]
    let utilities: [(String, TorchGlobal)] = [
      ("tensor", .rebuildTensor), ("tensor_v2", .rebuildTensor),
      ("tensor_v3", .rebuildTypedTensor), ("parameter", .rebuildParameter),
      ("parameter_with_state", .rebuildParameter),
    ]
    for (name, global) in utilities { all["torch._utils._rebuild_\(name)"] = global }
    let numbers: [(storage: String, type: String, TorchNumber)] = [
      ("Double", "float64", .double), ("Float", "float32", .float), ("Half", "float16", .half),
      ("BFloat16", "bfloat16", .bfloat16), ("Long", "int64", .long), ("Int", "int32", .int),
      ("Short", "int16", .short), ("Char", "int8", .char), ("Byte", "uint8", .byte),
      ("Bool", "bool", .bool),
    ]
    for (storage, type, number) in numbers {
      all["torch.\(storage)Storage"] = .storage(number)
      all["torch.cuda.\(storage)Storage"] = .storage(number)
      all["torch.\(type)"] = .number(number)
    }
    for module in ["torch", "torch.cuda", "torch.storage"] {
      all["\(module).UntypedStorage"] = .storage(nil)
      all["\(module)._UntypedStorage"] = .storage(nil)
    }
    return all
  }()
}
