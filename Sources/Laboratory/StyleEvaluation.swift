import BatchStylizer
import ImageFiles
import Layers
import StyleEngine
import StyleTraining
import SystemPackage

/// Paints photographs in a style, the network as it is, and finds their loss beside a painting.
///
/// One thread at a time uses it.
public final class StyleEvaluation {
  private let bench: Workbench
  private let normalization: Normalization
  private let evaluation: Evaluation

  /// - Parameters:
  ///   - network: The style's.
  ///   - normalization: One that `network` allows, of each picture by itself.
  ///   - evaluation: The judge, made beside the painting.
  ///   - workers: Threads that compute.
  public init(
    network: StyleNetwork, _ normalization: Normalization, _ evaluation: Evaluation, workers: Int
  ) {
    bench = Workbench(network: network, workers: workers)
    self.normalization = normalization
    self.evaluation = evaluation
  }

  /// Finds the loss of a picture, shrunk first where a side is longer than `maximumSide`.
  ///
  /// - Throws: `EvaluationError`.
  public func finding(
    of path: FilePath, maximumSide: Int, progress: ExecutionProgress
  ) throws(EvaluationError) -> Evaluation.Finding {
    bench.progress = progress
    let (photograph, painted) = try paint(path, maximumSide: maximumSide)
    guard
      let finding = evaluation.finding(
        width: painted.width, height: painted.height, photograph: photograph.samples,
        painted: painted.samples)
    else { throw .picture(.network(.cancelled)) }
    guard finding.isFinite else { throw .notFinite }
    return finding
  }

  private func paint(
    _ path: FilePath, maximumSide: Int
  ) throws(EvaluationError) -> (photograph: FloatPicture, painted: FloatPicture) {
    do {
      let photograph = try bench.photograph(path, maximumSide: maximumSide)
      let input = try bench.input(photograph, contrast: 1)
      guard min(input.width, input.height) >= evaluation.leastSide else {
        throw EvaluationError.tooSmall(
          width: input.width, height: input.height, least: evaluation.leastSide)
      }
      return (input, try bench.paint(photograph, normalization))
    } catch let error as EvaluationError {
      throw error
    } catch let error as ImageFileError {
      throw .picture(.image(error))
    } catch let error as StyleNetworkError {
      throw .picture(ItemError(error))
    } catch {
      preconditionFailure("painting throws ImageFileError and StyleNetworkError: \(error)")
    }
  }
}

/// The reason why the loss of a picture can't be found.
public enum EvaluationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// It can't be read, or painted.
  case picture(ItemError)
  /// A side, as the picture is looked at, is shorter than the loss's smallest scale needs.
  case tooSmall(width: Int, height: Int, least: Int)
  /// What was made of it is so far from any picture that its loss is no finite number.
  case notFinite

  public var description: String {
    switch self {
    case .picture(let error): "\(error)"
    case .tooSmall(let width, let height, let least):
      "\(width)x\(height) pixels, but a side has at least \(least) where its loss is found"
    case .notFinite: "the loss is no finite number; the style's weights are unusable"
    }
  }
}
