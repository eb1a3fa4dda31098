import ArgumentParser
import EnrollmentLoad
import SCEP
import SCEPClient

/// What a load is made of.
struct LoadOptions: ParsableArguments {
    @OptionGroup var challenge: ChallengeOptions

    @Option(
        help: ArgumentHelp(
            "A file with a one-time challenge in each line; each is used for one enrolment.", valueName: "file"),
        completion: .file())
    var challenges: String?

    @Option(
        name: [.customShort("n"), .long],
        help: ArgumentHelp(
            "How many enrolments. (default: 1000, or as many as there are in --challenges)", valueName: "number"))
    var count: Int?

    @Option(name: .shortAndLong, help: ArgumentHelp("How many are under way at the same time.", valueName: "number"))
    var connections = 8

    @Option(help: ArgumentHelp("For how long, in the place of a count.", valueName: "seconds"))
    var duration: Int?

    @Option(
        help: ArgumentHelp("How many begin in a second. (default: as many as are answered)", valueName: "number"))
    var rate: Double?

    @Option(
        help: ArgumentHelp(
            "How many keys are made beforehand and used in turn; fresh makes one for each certificate.",
            valueName: "number|fresh"))
    var keys = LoadKeys.pool(32)

    @Option(help: "The kind of the keys.")
    var keyType = ClientKey.Kind.rsa2048

    @Option(
        help: ArgumentHelp("The subjects, with \(SubjectTemplate.placeholder) for a counter.", valueName: "name"))
    var subjectTemplate = "CN=load-\(SubjectTemplate.placeholder).example"

    @Option(
        help: ArgumentHelp(
            "For how long a message is sent again whose answer is lost, or says to come back. (default: not at all)",
            valueName: "seconds"))
    var retry: Int?

    @Flag(help: "With --retry: do not wait as long as the server asks for, as some devices do not.")
    var impatient = false

    @Flag(help: "Only read the status of answers, and verify nothing, so that the load costs less.")
    var trustAnswers = false

    func validate() throws {
        let ways = [self.challenges, self.challenge.challenge, self.challenge.challengeFile].count { $0 != nil }
        guard ways <= 1 else {
            throw ValidationError("--challenge, --challenge-file and --challenges exclude each other.")
        }
        guard self.count == nil || self.duration == nil else {
            throw ValidationError("--count and --duration exclude each other.")
        }
        var plan = LoadPlan()
        // Whatever challenge there will be: files are read later.
        if ways > 0 { plan.challenges = .same("") }
        try self.apply(to: &plan)
        if let problem = plan.problem { throw ValidationError(problem) }
    }

    /// The plan, with the challenges read from their files.
    func plan() throws -> LoadPlan {
        var plan = LoadPlan()
        if let challenges {
            plan.challenges = try LoadChallenges(lines: String(decoding: try Files.read(challenges), as: UTF8.self))
            plan.extent = .count(plan.challenges.count ?? 0)
        } else if let challenge = try self.challenge.value() {
            plan.challenges = .same(challenge)
        }
        try self.apply(to: &plan)
        return plan
    }

    private func apply(to plan: inout LoadPlan) throws {
        if let count { plan.extent = .count(count) }
        if let duration { plan.extent = .seconds(duration) }
        plan.connections = self.connections
        plan.rate = self.rate
        plan.keys = self.keys.keys
        plan.keyKind = self.keyType
        do throws(SCEPError) {
            plan.subjects = try SubjectTemplate(self.subjectTemplate)
        } catch {
            throw ValidationError("--subject-template: \(error.reason).")
        }
        plan.retry = self.retry
        plan.isImpatient = self.impatient
        plan.trustsAnswers = self.trustAnswers
    }
}

/// Which keys are certified, as it is typed.
enum LoadKeys: ExpressibleByArgument, CustomStringConvertible {
    case fresh
    case pool(Int)

    init?(argument: String) {
        if argument == "fresh" {
            self = .fresh
        } else if let size = Int(argument) {
            self = .pool(size)
        } else {
            return nil
        }
    }

    var description: String {
        switch self {
        case .fresh: "fresh"
        case .pool(let size): "\(size)"
        }
    }

    var keys: LoadPlan.Keys {
        switch self {
        case .fresh: .fresh
        case .pool(let size): .pool(size)
        }
    }
}
