import Foundation
import SystemPackage
import TestSupport
import Testing

/// One binary runs on every x86-64 processor: no instruction of AVX or AVX-512 stands outside the
/// modules that are chosen at run time.
///
/// A generic function of the standard library that is specialized in such a module is a weak
/// symbol, and the linker may keep that copy for everyone: nothing but the binary itself shows it.
/// Swift's symbols are looked at; BoringSSL's, which swift-crypto brings, choose by themselves at run
/// time.
@Suite(
  .enabled(if: BuiltPrograms.areX86, "x86-64 alone has these instructions"),
  .enabled(if: command("objdump") != nil, "objdump, of Debian's binutils, is needed"),
  .deadline(minutes: 5))
struct DisassemblyTests {
  /// Counts instructions by module.
  ///
  /// In 64-bit mode a first byte of C4 or C5 is VEX and 62 is EVEX, whatever they encode; before
  /// them only a segment or address size prefix may stand.
  private static let count = """
    /^[0-9a-f]+\\t</ {
      place = "elsewhere"
      if (index($2, "11KernelsAVX2")) place = "avx2"
      if (index($2, "13KernelsAVX512")) place = "avx512"
      symbol = $2
      next
    }
    NF >= 3 {
      split($2, bytes, " ")
      i = 1
      while (bytes[i] ~ /^(26|2e|36|3e|64|65|67)$/) i++
      if (bytes[i] ~ /^(c4|c5)$/) vex[place]++
      else if (bytes[i] == "62") evex[place]++
      else next
      if (place == "elsewhere" && symbol ~ /<[$]s/ && !told[symbol]++) print "outside", symbol, $3
    }
    END {
      print "avx2", vex["avx2"] + 0, evex["avx2"] + 0
      print "avx512", vex["avx512"] + 0, evex["avx512"] + 0
    }
    """

  @Test(arguments: BuiltPrograms.all)
  func vectorInstructionsStandInTheirModulesAlone(_ executable: FilePath) throws {
    let folder = try Folder()
    try folder.file("count.awk", Array(Self.count.utf8))
    // Lines are "address:<tab>bytes<tab>instruction", and symbols' "address <name>:" has no tab.
    let pipeline = """
      objdump -d -w --insn-width=16 "$1" | awk -F '\\t' '
        NF == 1 && / <.*>:$/ { sub(/ /, "\\t"); print; next } { print }' \
        | awk -F '\\t' -f count.awk
      """
    let run = try folder.start(
      ["-c", "\(pipeline)", "sh", "\(executable)"], of: "/bin/sh"
    ).wait()
    try #require(run.status == 0, "\(run.errors)")
    let lines = run.output.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(lines.filter { $0.first == "outside" } == [])
    // That they are found at all shows that they would be found outside.
    func counts(_ module: String) -> [Int] {
      lines.first { $0.first.map(String.init) == module }?.dropFirst().compactMap { Int($0) } ?? []
    }
    let (avx2, avx512) = (counts("avx2"), counts("avx512"))
    try #require(avx2.count == 2 && avx512.count == 2)
    #expect(avx2[0] > 100)
    #expect(avx2[1] == 0, "a processor with AVX2 need not have AVX-512")
    #expect(avx512[1] > 100)
  }
}
