using System.Numerics;
using DistTrain.Data.Storage;

namespace DistTrain.Learning.Kernels;

/// <summary>The held features that a code of a coded column names, ascending; for a plain foreach.</summary>
struct CodeFeatures(CodedColumnLayout column, byte code)
{
    // A level is turned into the one feature it names; bits are taken from the lowest up.
    readonly int _first = column.Kind == CodeKind.Level ? column.FirstFeature + code - 1 : column.FirstFeature;
    int _bits = column.Kind == CodeKind.Bits ? code : code == 0 ? 0 : 1;

    public int Current { get; private set; }

    public readonly CodeFeatures GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_bits == 0) return false;
        Current = _first + BitOperations.TrailingZeroCount(_bits);
        _bits &= _bits - 1;
        return true;
    }
}
