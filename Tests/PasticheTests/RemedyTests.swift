import BatchStylizer
import ForeignWeights
import ImageFiles
import Laboratory
import Sheets
import StyleEngine
import StyleTraining
import SystemFiles
import SystemPackage
import Testing
import WeightFiles

@testable import StyleModels
@testable import pastiche

/// Whole messages, as people and scripts know them: the library's words and the remedy.
@Suite struct RemedyTests {
  @Test(arguments: [
    (AtomicFileError.exists("a/b"), "a/b exists already; pass --overwrite to replace it"),
    (
      .notReplaceable("a/b", .link(.noSuchFileOrDirectory)),
      "a/b is a link to nothing, and only files are replaced; remove it, or name another output"
    ),
    (
      .failed(.write, "b", .noSpace), "no space left on the disk for b; free some and run again"
    ),
  ])
  func files(_ error: AtomicFileError, _ message: String) {
    #expect(error.message == message)
    #expect(WeightFileError.unwritable(error).message == message)
    #expect(StyleModelError.weightFile(.unwritable(error)).message == message)
    #expect(ForeignWeightsError.weightFile(.unwritable(error)).message == message)
    #expect(
      ForeignWeightsError.invalidStyle(.weightFile(.unwritable(error))).message == message)
  }

  @Test(arguments: [
    (
      ScratchFileError.unavailable("/x", byteCount: 3 << 20, .noSpace),
      "3 MB of scratch space in /x can't be had: No space left on device; name another place "
        + "with --scratch, or give more --memory"
    ),
    (
      .failed("/x", .ioError),
      "the scratch file in /x failed: Input/output error; name another place with --scratch"
    ),
    (
      .noDirectory(tried: ["/dev/shm", "/var/tmp"]),
      "no scratch space on a disk (tried /dev/shm, /var/tmp); name a directory with --scratch, "
        + "or give more --memory"
    ),
  ])
  func scratch(_ error: ScratchFileError, _ message: String) {
    #expect(error.message == message)
    #expect(ItemError.image(.scratch(error)).message == message)
    #expect(ItemError.network(.scratch(error)).message == message)
  }

  @Test(arguments: [
    (ImageFileError.empty, "the file is empty; expected a PNG or JPEG picture"),
    (
      .damaged("bad Huffman code"),
      "damaged: bad Huffman code; get the file anew, or paint it with --damaged keep to use what can be "
        + "decoded"
    ),
    (
      .tooManyPixels(width: 20, height: 20, maximumPixels: 399),
      "20x20 pixels, but at most 399 are allowed; raise --max-pixels to read it"
    ),
    (.exists, "the output exists already; pass --overwrite to replace it"),
    (
      .notReplaceable(.directory),
      "the output is a directory, and only files are replaced; remove it, or name another output"
    ),
    (
      .unfit(.jpeg, width: 65501, height: 1, maximumSide: 65500),
      "65501x1 pixels, but a side has 1 to 65500 in jpeg files; choose another --format or "
        + "--max-side"
    ),
    (
      .sixteenBitJPEG,
      "JPEG files have 8 bits a sample, not 16; choose --format png or --depth 8"
    ),
  ])
  func pictures(_ error: ImageFileError, _ message: String) {
    #expect(error.message == message)
    #expect(ItemError.image(error).message == message)
    #expect(StyleNetworkError.picture(error).message == message)
    #expect(ContactSheetError.picture(error).message == "a picture of the sheet: \(message)")
  }

  @Test(arguments: [
    (
      ImageFileError.strayBytes([0, 0x1F], offset: 99, pictures: 3),
      "behind 3 pictures, at byte 99, stands what is neither PNG nor JPEG: begins with 00 1f; "
        + "nothing from there on is read; give pictures one directly behind the other, as ffmpeg -f "
        + "image2pipe does"
    ),
    (
      .endNotFound(offset: 99, pictures: 3),
      "damaged: picture 4 begins at byte 99, and where it ends can't be told; nothing from there on "
        + "is read; get the stream anew"
    ),
    (
      .endless(limit: 1 << 31),
      "more than 2048 MB came, and no end; give a picture that is so large as a file"
    ),
    (
      .uncopied("/var/tmp", .noSpace),
      "what comes through a pipe can't be kept in /var/tmp: No space left on device; name another "
        + "place with $TMPDIR"
    ),
  ])
  func streams(_ error: ImageFileError, _ message: String) {
    #expect(ItemError.image(error).message == message)
  }

  @Test(arguments: [
    (
      StyleNetworkError.groupsDoNotDivide(groups: 3, channels: 16, layer: "in1"),
      "3 groups must divide the 16 channels of in1; pass --groups with a divisor, or --groups "
        + "channels"
    ),
    (
      .noStoredStatistics(style: "sea"),
      "sea has no stored statistics for --norm batch; measure some with pastiche calibrate, or "
        + "use --norm batch-live"
    ),
    (
      // Rounded up, as less would not do.
      .memoryTooSmall(needed: 93 << 20 | 1, given: 64 << 20),
      "needs 94M of memory, and 64M are given; pass --memory 94M"
    ),
    (
      .outputNotFinite(row: 3),
      "the network's output is no number in row 3; the style's weights are unusable"
    ),
    (.cancelled, "interrupted"),
  ])
  func network(_ error: StyleNetworkError, _ message: String) {
    #expect(error.message == message)
    #expect(ItemError.network(error).message == message)
    #expect(
      ExperimentNote.leftOut(norm: "batch", error).message == "batch is left out: \(message)")
  }

  @Test(arguments: [
    (
      BatchPlanError.severalPictures(output: "a.png"),
      "on standard input several pictures stand one after the other, and a.png is one file; name a "
        + "directory, with a slash at its end, or - for standard output"
    ),
    (
      .noPictures(passedOverFiles: 1, passedOverDirectories: 2),
      "no pictures found: files ending in .png, .apng, .jpg, .jpeg, .jpe or .jfif; 1 other file passed over; "
        + "2 directories not entered, -r does"
    ),
    (
      .noPictures(passedOverFiles: 0, passedOverDirectories: 0),
      "no pictures found: files ending in .png, .apng, .jpg, .jpeg, .jpe or .jfif"
    ),
    (.outputExists("b.png"), "b.png exists already; pass --overwrite to replace it"),
    (
      .closed([ClosedPlace("out", .readOnlyFileSystem)]),
      "can't write to out: Read-only file system; choose another with -o"
    ),
    (
      .clashes([OutputClash("o", ["a", "b"])]),
      "a and b would both be written to o; rename one, or write them to different directories"
    ),
    (
      .clashes([
        OutputClash("o", ["x/a", "y/a"], cause: .directories(below: "z")),
        OutputClash("p", ["a.png", "a.jpg"], cause: .format),
        OutputClash("q", ["b.png", "b.jpg"], cause: .format),
      ]),
      """
      3 outputs are wanted by several pictures each:
        x/a and y/a would both be written to o
        a.png and a.jpg would both be written to p
        b.png and b.jpg would both be written to q
      pass --base z to keep their directories, or write them to different ones; \
      pass --format keep, or write them to different directories
      """
    ),
  ])
  func plans(_ error: BatchPlanError, _ message: String) {
    #expect(error.message == message)
  }

  @Test func styles() {
    #expect(
      StyleModelError.notAStyle.message
        == "not a Pastiche style: its __metadata__ holds none of a style's keys (`pastiche "
        + "convert` reads published weights)")
    #expect(
      StyleLibraryError(style: "sea", searched: ["a", "b"], available: []).message
        == "no style \"sea\", and none at all in a, b; name a directory with --models, or a file "
        + "with -m ./sea.safetensors")
    #expect(
      StyleLibraryError(style: "sea", searched: ["a"], available: ["sky"]).message
        == "no style \"sea\"; there are sky (in a)")
  }

  @Test func items() {
    #expect(
      ItemError.outputDirectory("a/b", .notDirectory).message
        == "can't make the directory a/b: Not a directory; choose another")
    #expect(
      ItemError.unreadableDirectory(.permissionDenied).message
        == "the directory can't be listed: Permission denied")
    #expect(BatchNote.eightBitJPEG.message == "JPEG has 8 bits a sample; --format png keeps 16")
    #expect(BatchNote.image(.laidOverWhite).message == "transparent, laid over white")
    #expect(
      BatchNote.missingCompany(pictures: 1, without: ["a\n", "b"]).message
        == "statistics of 1 picture, without a\\n, b")
  }

  @Test func experiments() {
    #expect(
      ExperimentError.noStoredStatistics(style: "sea").message
        == "sea has no stored statistics to compare with; measure some with pastiche calibrate "
        + "-o FILE, and pass -m FILE")
    #expect(
      ExperimentError.tooFewPictures(found: 1, needed: 2).message
        == "takes 2 pictures at least, and 1 can be used; name more")
    #expect(
      ExperimentNote.singlePicture.message
        == "batch-live is left out: of one picture alone it is instance norm")
  }

  private static let trainingMessages: [(TrainingError, String)] = [
    (
      .painting("p.png", .tooManyPixels(width: 9, height: 9, maximumPixels: 80)),
      "p.png: 9x9 pixels, but at most 80 are allowed; shrink it first"
    ),
    (.painting("p.png", .damaged("bad")), "p.png: damaged: bad; get the file anew"),
    (
      .paintingTooNarrow("p.png", width: 64, height: 900),
      """
      p.png has 64×900 pixels, too narrow a strip to be looked at as a whole; crop it, or give a \
      larger --style-size
      """
    ),
    (
      .groupsDoNotDivide(groups: 3, channels: 16, layer: "in1"),
      "3 groups don't divide the 16 channels of in1; pass --groups with a divisor"
    ),
    (
      .diverged(iteration: 90, times: 3),
      """
      the loss was no number, or ten times its average, 3 times, the last at iteration 90; go on \
      from what was good before with --resume, at a fraction of the rate, or begin anew with \
      --overwrite and a lower --rate
      """
    ),
    (
      .crops(.noPictures(tried: 0, first: nil)),
      """
      no pictures to take crops from; name PNG or JPEG files, or a directory that holds some, with \
      --content
      """
    ),
    (
      .crops(.noPictures(tried: 2, first: SkippedPicture(path: "a.png", reason: .changed))),
      """
      no crops, as none of the 2 pictures can be read; the first, a.png: the file changed while it \
      was being read; run again once it is complete; name others with --content
      """
    ),
    (
      .checkpoint("c", .otherSettings(["rate", "seed"])),
      """
      c: of a training with other settings (rate, seed); give the same, or begin anew with \
      --overwrite instead of --resume
      """
    ),
    (
      .checkpoint("c", .notACheckpoint),
      "c: no checkpoint of a training; begin anew with --overwrite instead of --resume"
    ),
    (
      .model(.weightFile(.unwritable(.exists("a")))),
      "a exists already; pass --overwrite to replace it"
    ),
  ]

  @Test(arguments: trainingMessages)
  func trainings(_ error: TrainingError, _ message: String) {
    #expect(error.message == message)
    #expect(Refusal(error).message == message)
  }

  @Test func losses() {
    #expect(
      LossNetworkError.shape("conv1_1.bias", found: [3], expected: [4]).message
        == "conv1_1.bias is 3, not 4; name another with --loss-network")
    #expect(
      EvaluationError.tooSmall(width: 9, height: 16, least: 16).message
        == "9x16 pixels, but a side has at least 16 where its loss is found; take a larger one, or "
        + "give a larger --max-side")
    #expect(
      EvaluationError.picture(.image(.empty)).message
        == "the file is empty; expected a PNG or JPEG picture")
  }

  @Test func refusalsSayTheSame() {
    let error = ItemError.image(.exists)
    #expect(Refusal(error).message == error.message)
    #expect(Refusal(Refusal("as it is")).message == "as it is")
    #expect(message(of: CancellationError()) == "CancellationError()")
  }
}
