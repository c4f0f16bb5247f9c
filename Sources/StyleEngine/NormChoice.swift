import Layers
import StyleModels
import SystemPackage

/// A style ready to be normalized as asked: which weights, under whose statistics.
public struct NormChoice: Sendable {
  public let model: StyleModel
  public let normalization: Normalization
  public let norm: Norm
  public let weights: Weights

  /// The origin of the weights.
  public enum Weights: Equatable, Sendable {
    /// The weights of the style itself, which was trained with this norm.
    case own
    /// The weights of the style's variant that was trained with this norm.
    case variant(FilePath)
    /// The weights of the style itself, which was trained with another norm.
    case swapped(trainedWith: Norm)
  }

  /// - Parameters:
  ///   - norm: The norm; nil for the style's own.
  ///   - chosen: The groups; nil for the style's, else 4.
  ///   - swap: Whether the style's own weights are used in any case.
  ///   - model: The style.
  ///   - file: The model's, beside which its variants lie; nil for a mixture, which has none.
  ///   - library: The places of bases.
  /// - Throws: `NormChoiceError` where a variant can't be read.
  public init(
    _ norm: Norm?, groups chosen: Groups?, swap: Bool, for model: StyleModel, in file: FilePath?,
    _ library: StyleLibrary = StyleLibrary(directories: [])
  ) throws(NormChoiceError) {
    let own = model.description
    let norm = norm ?? own.norm
    self.norm = norm
    let groups = chosen ?? .count(own.norm == .group ? own.groups : 4)
    let isOwn = norm == own.norm && (norm != .group || groups == .count(own.groups))
    let isTrained = isOwn || (norm == .batchLive && own.norm == .batch)
    if !isTrained, !swap, let file, let variant = StyleLibrary.variant(of: file, norm: norm) {
      let trained: StyleModel
      do throws(StyleModelError) { trained = try library.style(contentsOf: variant) } catch {
        throw NormChoiceError(variant: variant, reason: error)
      }
      let trainedGroups = Groups.count(trained.description.groups)
      if norm != .group || chosen == nil || groups == trainedGroups {
        self.model = trained
        normalization = Normalization(norm, groups: trainedGroups)
        weights = .variant(variant)
        return
      }
    }
    self.model = model
    normalization = Normalization(norm, groups: groups)
    weights = isTrained ? .own : .swapped(trainedWith: own.norm)
  }
}

/// A variant of a style that is there but can't be read.
public struct NormChoiceError: Error, Equatable, Sendable, CustomStringConvertible {
  public let variant: FilePath
  public let reason: StyleModelError

  public var description: String { "\(variant): \(reason)" }
}
