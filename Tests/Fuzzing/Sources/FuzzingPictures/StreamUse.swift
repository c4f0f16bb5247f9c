import Fuzzing
import ImageFiles
import SystemPackage

/// Several pictures one after the other, from a pipe and from a file: both give the same.
public enum StreamUse {
  private enum Outcome: Equatable {
    case read(Image, notes: [ImageNote])
    case refused(ImageFileError)
    /// The end of all, where it came with a reason.
    case ended(ImageFileError)
  }

  public static func use(_ input: Input) {
    guard input.file.count <= Scratch.pipeCapacity else { return }
    let damaged: DamagePolicy = input.choices.value % 2 == 1 ? .keep : .fail
    let file = Scratch.file("stream", holding: input.file)
    let ofFile = outcomes(of: Scratch.opened(file), damaged)
    let ofPipe = outcomes(of: Scratch.pipe(giving: input.file), damaged)
    precondition(ofFile == ofPipe, "a pipe and a file give the same: \(ofPipe), \(ofFile)")
  }

  private static func outcomes(of descriptor: FileDescriptor, _ damaged: DamagePolicy) -> [Outcome]
  {
    var outcomes: [Outcome] = []
    do throws(ImageFileError) {
      guard let stream = try PictureStream.pictures(owning: descriptor) else { return [] }
      while let picture = try stream.next(unless: { false }) {
        outcomes.append(outcome(of: picture, damaged))
        precondition(
          picture.number == outcomes.count && stream.count == outcomes.count,
          "pictures are counted from 1")
      }
      precondition(stream.isAtEnd, "a stream that gives no more is at its end")
    } catch {
      precondition(!error.description.isEmpty, "a refusal has a reason")
      outcomes.append(.ended(error))
    }
    return outcomes
  }

  private static func outcome(of picture: StreamedPicture, _ damaged: DamagePolicy) -> Outcome {
    do throws(ImageFileError) {
      let source = try ImageFile.open(picture, limits: PictureUse.limits, damaged: damaged)
      return .read(try Image(reading: source), notes: source.notes)
    } catch {
      return .refused(error)
    }
  }
}
