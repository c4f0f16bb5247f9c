import CKernelArguments
import StyleModels
import Tensors

/// A large kernel at stride 1, put together of kernels of 3×3 taps by Winograd's F(3×3, 3×3).
///
/// A kernel of K×K taps is `groups`×`groups` of 3×3, with zeros at the ends. A tile of 3×3 outputs
/// sees for each of them a window of 5×5 inputs, 3 apart, and so do its neighbours: every window
/// is brought into the other basis once, `V = Bᵀ d B`, at the points 0, 1, −1, 2 and ∞, and each of
/// the 25 products is a convolution of its own, of `groups`×`groups` taps over the grid of windows:
/// `M[k] = Σ U[k][i][j] ∘ V[k][· + i][· + j]`, then `Y = Aᵀ M A`. For 9×9 taps that are 25
/// multiplications an output in place of 81.
///
/// Bᵀ is computed so that a constant leaves nothing but exact zeros at all points but 1, whose
/// weights in Aᵀ are 1: a channel that is constant stays so to the bit, whatever rounding does.
///
/// Columns of a patch are dealt out by their remainder modulo 3, so that the windows' first columns lie
/// side by side, as do their second ones, and vectors go along them.
struct LargeKernelTiles {
  /// Outputs of a tile along one direction, and distance of windows.
  static let unit = 3
  /// Points in one direction.
  static let points = 5

  let groups: Int
  /// Tiles of the part.
  let down: Int
  let across: Int
  /// Windows across that there is room for, more than tiles.
  private let room: Int
  /// Planes of a row of the patch, `[planes][3][windows across][lanes]`.
  private let planes: Int
  private let lanes: Int
  private let kernels: KernelSet

  /// - Parameters:
  ///   - planes: 16 where each channel lies by itself, of one lane; 1 where pixels lie whole.
  init(
    _ part: ConvolutionTiling.Part, kernelSize: Int, planes: Int, lanes: Int, kernels: KernelSet
  ) {
    groups = Self.groups(kernelSize)
    down = part.computedRows.count / Self.unit
    across = part.computedColumns.count / Self.unit
    room = part.patchColumns.count
    self.planes = planes
    self.lanes = lanes
    self.kernels = kernels
  }

  static func groups(_ kernelSize: Int) -> Int { (kernelSize + unit - 1) / unit }

  static func windows(_ kernelSize: Int) -> ConvolutionTiling.Windows {
    .init(unit: unit, step: unit, reach: groups(kernelSize) * unit + 2)
  }

  /// Products of an input and an output channel over so many outputs.
  static func products(rows: Int, columns: Int, kernelSize: Int) -> Int {
    func tiles(_ side: Int) -> Int { (side + unit - 1) / unit }
    let groups = groups(kernelSize)
    return tiles(rows) * tiles(columns) * points * points * groups * groups
  }

  private var windowsDown: Int { down + groups - 1 }
  private var patchRowCount: Int { planes * Self.unit * rowStride }

  /// Samples from a window to the one below it in V, and to the next one's plane.
  var rowStride: Int { room * lanes }
  var planeStride: Int { windowsDown * rowStride }
  /// Samples of V of a block at one point.
  var blockStride: Int { planes * planeStride }

  /// Samples of memory for `transformRows`.
  var rowsCount: Int { Self.points * windowsDown * patchRowCount }

  /// `Bᵀ d` down the columns of a block of the patch: `[points][windows down][planes][3][across]`.
  func transformRows(_ patch: UnsafePointer<Float>, into rows: UnsafeMutablePointer<Float>) {
    let count = patchRowCount
    kernels.transformFive(
      .init(
        output: rows, outputStride: windowsDown * count, outputRowStride: count, input: patch,
        inputStride: count, inputWrap: Self.unit * count, inputRowStride: Self.unit * count,
        rows: windowsDown, count: count))
  }

  /// `V` at the points of one row of them: `[points][planes][windows down][across]`, with a distance
  /// between points.
  func transformColumns(
    _ rows: UnsafePointer<Float>, point: Int, into windows: UnsafeMutablePointer<Float>,
    pointStride: Int
  ) {
    for window in 0..<windowsDown {
      kernels.transformFive(
        .init(
          output: windows + window * rowStride, outputStride: pointStride,
          outputRowStride: planeStride,
          input: rows + (point * windowsDown + window) * patchRowCount, inputStride: rowStride,
          inputWrap: lanes, inputRowStride: Self.unit * rowStride, rows: planes, count: rowStride))
    }
  }

  // Weights

  /// G for the same points.
  private static let basis: [[Double]] = [
    [1 / 2, 0, 0],
    [-1 / 2, -1 / 2, -1 / 2],
    [-1 / 6, 1 / 6, -1 / 6],
    [1 / 6, 1 / 3, 2 / 3],
    [0, 0, 1],
  ]

  /// `U = G g Gᵀ` of every group of a kernel of K×K taps, `[25][groups][groups]`.
  static func transformed(_ kernel: UnsafePointer<Float>, size: Int) -> [Double] {
    let groups = groups(size)
    var result = [Double](repeating: 0, count: points * points * groups * groups)
    for row in 0..<size {
      for column in 0..<size {
        let tap = Double(kernel[row * size + column])
        let (groupRow, u) = row.quotientAndRemainder(dividingBy: unit)
        let (groupColumn, v) = column.quotientAndRemainder(dividingBy: unit)
        for i in 0..<points {
          for j in 0..<points {
            result[((i * points + j) * groups + groupRow) * groups + groupColumn] +=
              basis[i][u] * basis[j][v] * tap
          }
        }
      }
    }
    return result
  }
}
