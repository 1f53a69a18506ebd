namespace DistTrain.EventCheck.Rules;

/// <summary>The same bits: a step that is taken again, after a restart, has the numbers that it had.</summary>
sealed class HistoriesAgree : Rule
{
    static readonly string[] Numbers = ["objective", "gradientMax", "epochs", "evaluations"];

    readonly Dictionary<(long Step, string Name), string> _known = [];

    public override string Sentence => "a step taken again has the same numbers, digit by digit";

    /// <summary>Steps that were compared with themselves.</summary>
    public int Compared { get; private set; }

    public override void See(EventLine line)
    {
        if (line.Event != "step" || line.Whole("step") is not { } step) return;
        var again = false;
        foreach (var name in Numbers)
        {
            if (line.Digits(name) is not { } digits || _known.TryAdd((step, name), digits)) continue;
            again = true;
            if (_known[(step, name)] != digits) Violated(line, $"step {step} has {name} {digits}, and had {_known[(step, name)]} before");
        }
        if (again) Compared++;
    }
}
