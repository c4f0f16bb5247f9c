import SystemPackage
import WeightFiles

/// The published network, spelled out apart from the code under test.
enum PublishedNetwork {
  typealias Shapes = [(name: String, shape: [Int])]

  /// The tensors by PyTorch's names, in the order of the network's parts.
  static func shapes(width w: Int, blocks: Int = 5) -> Shapes {
    func convolution(_ name: String, _ inputs: Int, _ outputs: Int, _ kernel: Int) -> Shapes {
      [
        ("\(name).conv2d.weight", [outputs, inputs, kernel, kernel]),
        ("\(name).conv2d.bias", [outputs]),
      ]
    }
    func norm(_ name: String, _ channels: Int) -> Shapes {
      [("\(name).weight", [channels]), ("\(name).bias", [channels])]
    }
    var tensors = convolution("conv1", 3, w, 9) + norm("in1", w)
    tensors += convolution("conv2", w, 2 * w, 3) + norm("in2", 2 * w)
    tensors += convolution("conv3", 2 * w, 4 * w, 3) + norm("in3", 4 * w)
    for block in 1..<blocks + 1 {
      for half in 1...2 {
        tensors += convolution("res\(block).conv\(half)", 4 * w, 4 * w, 3)
        tensors += norm("res\(block).in\(half)", 4 * w)
      }
    }
    tensors += convolution("deconv1", 4 * w, 2 * w, 3) + norm("in4", 2 * w)
    tensors += convolution("deconv2", 2 * w, w, 3) + norm("in5", w)
    return tensors + convolution("deconv3", w, 3, 9)
  }

  /// The tensors of the fixtures, in the same order: make_pytorch.py says what their numbers are.
  static let fixtureTensors = shapes(width: 1, blocks: 1).enumerated().map { number, tensor in
    let count = tensor.shape.reduce(1, *)
    return StoredTensor(
      shape: tensor.shape,
      values: (0..<count).map { index in
        let exponent = (number + index / 16) % 8 - 8
        return Float(sign: .plus, exponent: exponent, significand: Float(16 + index % 16))
      })
  }
}

func fixture(_ name: String) -> FilePath {
  FilePath(#filePath).removingLastComponent().removingLastComponent().appending("Fixtures")
    .appending("\(name).pth")
}
