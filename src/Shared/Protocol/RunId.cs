namespace DistTrain.Protocol;

/// <summary>Names one training job; two runs never share a name.</summary>
public readonly record struct RunId(string Name)
{
    public override string ToString() => Name;
}
