using System.Runtime.Intrinsics;

namespace DistTrain.Learning.Kernels;

/// <summary>A sum of floats in eight lanes of doubles, added up in one fixed order.</summary>
struct WideLanes
{
    Vector256<double> _low;
    Vector256<double> _high;

    public readonly double Total
    {
        get
        {
            var lanes = _low + _high;
            return (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
        }
    }

    public void Add(Vector256<float> values)
    {
        _low += Vector256.WidenLower(values);
        _high += Vector256.WidenUpper(values);
    }
}
