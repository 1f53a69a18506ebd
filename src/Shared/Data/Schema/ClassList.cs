using System.Collections.Immutable;

namespace DistTrain.Data.Schema;

/// <summary>The classes in their declared order, and which of them take part in the softmax.</summary>
/// <param name="Names">All classes; a model file has a row for each.</param>
/// <param name="Active">
/// Ascending indices into <paramref name="Names"/> of the classes with training weight; the others get probability 0.
/// </param>
public sealed record ClassList(ImmutableArray<string> Names, ImmutableArray<int> Active)
{
    public int Count => Names.Length;

    /// <summary>Ascending indices of the other classes.</summary>
    public ImmutableArray<int> Inactive => [.. Enumerable.Range(0, Names.Length).Except(Active)];
}
