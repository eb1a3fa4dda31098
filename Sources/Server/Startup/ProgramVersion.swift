/// Which version of the program this is.
public enum ProgramVersion {
    /// The version.
    public static let current = "0.3.0"
}
