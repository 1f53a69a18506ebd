namespace DistTrain.EventCheck.Rules;

/// <summary>Something that holds for the events of every run, whatever happened to its processes.</summary>
abstract class Rule
{
    readonly List<string> _violations = [];

    /// <summary>What holds, as a sentence.</summary>
    public abstract string Sentence { get; }

    /// <summary>Where it did not hold.</summary>
    public IReadOnlyList<string> Violations => _violations;

    /// <summary>Sees every line, in order.</summary>
    public abstract void See(EventLine line);

    /// <summary>After the last line.</summary>
    public virtual void End()
    {
    }

    protected void Violated(EventLine line, string found) => _violations.Add($"line {line.Number}, term {line.Term}: {found}");

    protected void Violated(string found) => _violations.Add(found);
}
