/// Reads what came from outside: it may refuse that with an error, and must not trap.
typealias Decoder = @Sendable ([UInt8]) throws -> Void

/// All of them, each a target of its own: the first byte of an input says which one.
private let decoders =
    messageDecoders + requestDecoders + notationDecoders + textDecoders + authorityDecoders + templateDecoders
    + backupDecoders

/// One input.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    guard let selector = input.first else { return 0 }
    try? decoders[Int(selector) % decoders.count](Array(input.dropFirst()))
    return 0
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutableRawPointer,
    _ one: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The entry of the program: SwiftPM renames `main`, so libFuzzer's own is not found and its driver is called here.
@_cdecl("ucm_fuzz_main")
func fuzzMain(_ count: CInt, _ arguments: UnsafeMutableRawPointer) -> CInt {
    var count = count
    var arguments = arguments
    return withUnsafeMutablePointer(to: &arguments) { runDriver(&count, $0, fuzzOne) }
}
