namespace DistTrain.Membership;

/// <summary>
/// Which side of a cluster goes on when nodes do not see each other. Coordinators alone are counted: workers come and go, and a side without
/// a coordinator has nothing to go on with.
/// </summary>
/// <remarks>
/// Of two coordinators the one that is left goes on, whichever it is, for most often the other one has died. That both may go on where
/// both live is harmless: the later one takes a higher term, and what the earlier one would put into place is refused.
/// </remarks>
public static class SplitRule
{
    /// <summary>Whether a coordinator's own side goes on.</summary>
    /// <param name="seen">Coordinators that it sees, itself among them: at least 1.</param>
    /// <param name="unseen">Coordinators that it sees no more.</param>
    /// <param name="seesFirst">Whether it sees the one that all agree to be the first: decides between equal halves.</param>
    public static bool GoesOn(int seen, int unseen, bool seesFirst) =>
        seen + unseen <= 2 || seen > unseen || (seen == unseen && seesFirst);
}
