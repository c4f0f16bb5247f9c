import BatchStylizer
import Laboratory
import Sheets
import StyleEngine

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
    case .unreadableDirectory: nil
    case .outputDirectory: "; choose another with -o"
    }
  }
}

extension BatchPlanError: Remediable {
  var remedy: String? {
    switch self {
    case .noPictures(_, let directories): directories > 0 ? ", -r does" : nil
    case .outputExists: "; pass --overwrite to replace it"
    case .clash, .outputIsInput: nil
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
    case .tooFewPictures: nil
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
