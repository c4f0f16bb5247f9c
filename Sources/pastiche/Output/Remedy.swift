import ForeignWeights
import ImageFiles
import StyleModels
import StyleTraining
import SystemFiles
import SystemPackage
import WeightFiles

/// Something that a library says in its own terms, and that a user of the command line can mend.
protocol Remediable: CustomStringConvertible {
  /// The advice on what to type: the end of the sentence that the description begins. Nil where
  /// that says all.
  var remedy: String? { get }
}

extension Remediable {
  /// The text that is printed: the description, and how to go on from there.
  var message: String { description + (remedy ?? "") }
}

/// Makes what is printed of an error of any type.
func message(of error: any Error) -> String {
  (error as? any Remediable)?.message ?? "\(error)"
}

// Every switch names every case, so that a new one is not forgotten here.

extension AtomicFileError: Remediable {
  var remedy: String? {
    switch self {
    case .exists: "; pass --overwrite to replace it"
    case .notReplaceable: "; remove it, or name another output"
    case .failed(_, _, .noSuchFileOrDirectory): "; make its directory first"
    case .failed: nil
    }
  }
}

extension ScratchFileError: Remediable {
  var remedy: String? {
    switch self {
    case .unavailable: "; name another place with --scratch, or give more --memory"
    case .failed: "; name another place with --scratch"
    case .noDirectory: "; name a directory with --scratch, or give more --memory"
    }
  }
}

extension ImageFileError: Remediable {
  var remedy: String? {
    switch self {
    case .damaged: ", or paint it with --damaged keep to use what can be decoded"
    case .tooManyPixels: "; raise --max-pixels to read it"
    case .strayBytes: "; give pictures one directly behind the other, as ffmpeg -f image2pipe does"
    case .endNotFound: "; get the stream anew"
    case .uncopied: "; name another place with $TMPDIR"
    case .scratch(let error): error.remedy
    case .exists: "; pass --overwrite to replace it"
    case .notReplaceable: "; remove it, or name another output"
    case .unfit: "; choose another --format or --max-side"
    case .sixteenBitJPEG: "; choose --format png or --depth 8"
    case .otherFormat(.text): "; a list of pictures goes with --files-from"
    case .unreadable, .empty, .unknownFormat, .otherFormat, .unsupported, .tooLong, .tooManyScans,
      .endless, .changed, .outOfMemory, .unwritable, .unencodable:
      nil
    }
  }
}

extension WeightFileError: Remediable {
  var remedy: String? {
    switch self {
    case .unwritable(let error): error.remedy
    case .memoryTooSmall: "; raise --memory"
    case .otherFormat(.pyTorch), .otherFormat(.onnx): "; `pastiche convert` makes a style of it"
    case .otherFormat(.picture): "; `pastiche train --style` makes a style after it"
    case .unreadable, .notARegularFile, .tooLarge, .otherFormat, .faults: nil
    }
  }
}

extension StyleModelError: Remediable {
  var remedy: String? {
    switch self {
    case .weightFile(let error): error.remedy
    case .notAStyle: " (`pastiche convert` reads published weights)"
    case .otherKind(_, .base): "; `pastiche models` lists the styles"
    case .missingBase: "; put it beside the style, or name its directory with --models"
    case .otherBase: "; put the base that it was made for beside the style"
    case .base(_, let error): error.remedy
    case .unmixable(_, _, .base): "; mix styles of one base"
    case .newerFormat, .otherKind, .unmixable, .faults: nil
    }
  }
}

extension StyleLibraryError: Remediable {
  var remedy: String? {
    if let file {
      return file.extension == StyleLibrary.fileExtension
        ? "; the file here is -m ./\(printable(file))"
        : "; to make one after \(printable(file)): pastiche train --style \(printable(file)) -o "
          + "\(printable(file.stem ?? "my")).safetensors"
    }
    if available.isEmpty {
      return "; name a directory with --models, or a file with -m ./\(style).safetensors"
    }
    return nil
  }
}

extension ForeignWeightsError: Remediable {
  var remedy: String? {
    switch self {
    case .weightFile(let error): error.remedy
    case .invalidStyle(let error): error.remedy
    case .saidByItself: "; leave it to the file"
    case .unpublishable: "; write ONNX, which says what a network is"
    case .pyTorch, .onnx, .tensorFlow, .alreadyAStyle, .notThePublishedNetwork, .faults: nil
    }
  }
}

extension TrainingError: Remediable {
  var remedy: String? {
    switch self {
    case .painting(_, .tooManyPixels): "; shrink it first"
    case .paintingTooNarrow: "; crop it, or give a larger --style-size"
    case .threeChannels: "; name another with --base"
    case .groupsDoNotDivide: "; pass --groups with a divisor"
    case .crops(let error): error.remedy
    case .diverged:
      "; go on from what was good before with --resume, at a fraction of the rate, or begin anew "
        + "with --overwrite and a lower --rate"
    case .checkpoint(_, let fault): fault.remedy
    case .model(let error): error.remedy
    case .painting, .unreadable, .paintingTooSmall: nil
    }
  }
}

extension CheckpointFault: Remediable {
  var remedy: String? {
    switch self {
    case .otherSettings:
      "; give the same, or begin anew with --overwrite instead of --resume"
    case .weightFile, .notACheckpoint, .tensor:
      "; begin anew with --overwrite instead of --resume"
    }
  }
}

extension CropSourceError: Remediable {
  var remedy: String? {
    switch self {
    case .noPictures(_, nil):
      "; name PNG or JPEG files, or a directory that holds some, with --content"
    case .noPictures: "; name others with --content"
    case .closed: nil
    }
  }
}

extension LossNetworkError: Remediable {
  var remedy: String? {
    switch self {
    case .weightFile(let error): error.remedy
    case .missing, .shape, .notFinite: "; name another with --loss-network"
    }
  }
}
