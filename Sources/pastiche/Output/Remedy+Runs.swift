import BatchStylizer
import Laboratory
import Sheets
import StyleEngine
import SystemPackage
import Tensors

extension ThreadError: Remediable {
  var remedy: String? {
    "; raise the limit on processes, by ulimit -u or in the container's settings"
  }
}

extension StyleNetworkError: Remediable {
  var remedy: String? {
    switch self {
    case .groupsDoNotDivide: "; pass --groups with a divisor, or --groups channels"
    case .noStoredStatistics:
      " for --norm batch; measure some with pastiche calibrate, or use --norm batch-live"
    case .memoryTooSmall(let needed, _): "; pass --memory \((needed + 1 << 20 - 1) >> 20)M"
    case .scratch(let error): error.remedy
    case .picture(let error): error.remedy
    case .unsupported, .outputNotFinite, .cancelled: nil
    }
  }
}

extension ItemError: Remediable {
  var remedy: String? {
    switch self {
    case .image(let error): error.remedy
    case .network(let error): error.remedy
    case .unreachable, .unreadableDirectory: nil
    case .outputDirectory, .outputIsInput: "; choose another"
    case .outputIsLink: "; remove it"
    }
  }
}

extension ManifestError: Remediable {
  var remedy: String? {
    switch self {
    case .unreadable: nil
    case .unwritable(_, .noSpace): "; free some space and run again with --resume"
    case .none: "; runs keep one with --manifest, --resume or --shard"
    case .unwritable: nil
    case .directory(let error): error.remedy
    }
  }
}

extension BatchPlanError: Remediable {
  var remedy: String? {
    switch self {
    case .noPictures(_, let directories): directories > 0 ? ", -r does" : nil
    case .severalPictures: "; name a directory, with a slash at its end, or - for standard output"
    case .outputExists: "; pass --overwrite to replace it"
    case .notBelow(_, let inputs):
      advice("name a directory above all of them with --base", listed: inputs.count)
    case .clashes(let clashes):
      advice(unique(clashes.map(\.remedy)).joined(separator: "; "), listed: clashes.count)
    case .notReplaceable(let outputs):
      advice("remove what is there, or choose another place with -o", listed: outputs.count)
    case .closed(let places): advice("choose another with -o", listed: places.count)
    case .outputIsInput: nil
    }
  }

  /// The end of a line; behind a list, a line of its own.
  private func advice(_ text: String, listed count: Int) -> String {
    (count == 1 ? "; " : "\n") + text
  }

  private func unique(_ texts: [String]) -> [String] {
    texts.enumerated().filter { !texts[..<$0].contains($1) }.map(\.element)
  }
}

extension OutputClash {
  fileprivate var remedy: String {
    switch cause {
    case .format: "pass --format keep, or write them to different directories"
    case .directories(let above):
      "pass --base \(printable(above)) to keep their directories, or write them to different ones"
    case .caseless:
      "the disk takes them for one name: rename one, or write them to different directories"
    case .name: "rename one, or write them to different directories"
    }
  }
}

extension BatchNote: Remediable {
  var remedy: String? {
    switch self {
    case .eightBitJPEG: "; --format png keeps 16"
    case .image, .missingCompany: nil
    }
  }
}

extension ContactSheetError: Remediable {
  var remedy: String? {
    switch self {
    case .picture(let error): error.remedy
    case .tooLarge: nil
    }
  }
}

extension ExperimentError: Remediable {
  var remedy: String? {
    switch self {
    case .noStoredStatistics:
      "; measure some with pastiche calibrate -o FILE, and pass -m FILE"
    case .tooFewPictures, .notFinite: nil
    }
  }
}

extension ExperimentNote: Remediable {
  var remedy: String? {
    switch self {
    case .leftOut(_, let error): error.remedy
    case .singlePicture: nil
    }
  }
}

extension EvaluationError: Remediable {
  var remedy: String? {
    switch self {
    case .picture(let error): error.remedy
    case .tooSmall: "; take a larger one, or give a larger --max-side"
    case .notFinite: nil
    }
  }
}
