namespace DistTrain.EventCheck.Rules;

/// <summary>Nobody counts who was not admitted by the coordinator that reigns.</summary>
sealed class OnlyMembersCount : Rule
{
    readonly HashSet<(long Term, string Worker)> _members = [];

    public override string Sentence => "contributions come from workers that had joined in the term";

    public override void See(EventLine line)
    {
        if (line.Event == "workerJoined" && line.Text("worker") is { } joined) _members.Add((line.Term, joined));
        if (line.Event != "evaluation" || line.Accepted is not { } accepted) return;
        foreach (var (worker, _) in accepted.Where(of => !_members.Contains((line.Term, of.Worker))))
            Violated(line, $"evaluation {line.Whole("evaluation")} counts a contribution of '{worker}', which had not joined");
    }
}
