/// The version of this program.
public enum ProgramVersion {
    /// As semver has it.
    public static let current = "0.3.0"
}
