namespace DistTrain.EventCheck.Rules;

/// <summary>Fencing: one coordinator a term, and only the newest puts anything into place.</summary>
/// <remarks>
/// One that was paused may, when it wakes, finish what lay in its mailbox before it learns that it is deposed. Such lines are harmless:
/// what they tell is not saved. They are counted, and judged by the other rules within their own term.
/// </remarks>
sealed class TermsRise : Rule
{
    long _highest;

    public override string Sentence => "terms rise with every start, and only the highest saves or finishes";

    /// <summary>Reigns.</summary>
    public int Terms { get; private set; }

    /// <summary>Evaluations and steps of a coordinator that had been deposed.</summary>
    public int Late { get; private set; }

    public override void See(EventLine line)
    {
        if (line.IsStart) Begin(line);
        else if (line.Term < _highest) SeeDeposed(line);
        else if (line.Term > _highest) Violated(line, "a term that nobody began");
    }

    void Begin(EventLine line)
    {
        Terms++;
        if (line.Term <= _highest) Violated(line, $"begins after term {_highest} had begun");
        _highest = Math.Max(_highest, line.Term);
    }

    void SeeDeposed(EventLine line)
    {
        if (line.Event is "checkpoint" or "finished") Violated(line, $"'{line.Event}' after term {_highest} had begun");
        if (line.Event is "evaluation" or "step") Late++;
    }
}
