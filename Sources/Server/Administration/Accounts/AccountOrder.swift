import Registry

/// An account that is to be made.
public struct AccountOrder: Hashable, Sendable {
    /// The name, unique in whatever case.
    public var name: String
    /// What the person is called.
    public var fullName: String
    /// The role, by name.
    public var role: String
    /// The password until the first sign-in; nil for a generated one.
    public var password: String?

    /// Orders an account.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - fullName: What the person is called.
    ///   - role: The role, by name.
    ///   - password: The password until the first sign-in; nil for a generated one.
    public init(name: String, fullName: String = "", role: String, password: String? = nil) {
        self.name = name
        self.fullName = fullName
        self.role = role
        self.password = password
    }
}

/// An account whose password is known to whoever has set it, until it is changed.
public struct AccountWithPassword: Hashable, Sendable {
    /// The account.
    public var account: AccountDescription
    /// The password that was generated, which is shown once; nil where one was given.
    public var password: String?
}

/// What is to be changed of an account; what is nil stays.
public struct AccountChange: Hashable, Sendable {
    /// What the person is called.
    public var fullName: String?
    /// The role, by name.
    public var role: String?
    /// Whether nobody can sign in with it.
    public var isDisabled: Bool?

    /// Describes a change.
    ///
    /// - Parameters:
    ///   - fullName: What the person is called.
    ///   - role: The role, by name.
    ///   - isDisabled: Whether nobody can sign in with it.
    public init(fullName: String? = nil, role: String? = nil, isDisabled: Bool? = nil) {
        self.fullName = fullName
        self.role = role
        self.isDisabled = isDisabled
    }
}

extension AccountChange {
    func apply(to account: inout AccountRecord) {
        account.fullName = self.fullName ?? account.fullName
        account.role = self.role ?? account.role
        account.isDisabled = self.isDisabled ?? account.isDisabled
    }
}
