namespace DistTrain.Shared.Tests.Learning.Kernels;

/// <summary>Strides with whole panels and with every rest, quarters side by side and apart, both formats.</summary>
static class DenseShapes
{
    public static TheoryData<int, int, bool> All
    {
        get
        {
            var shapes = new TheoryData<int, int, bool>();
            foreach (var stride in new[] { 8, 16, 24, 32, 40, 88, 128 })
            {
                foreach (var quarterRows in new[] { 8, 11 })
                {
                    shapes.Add(stride, quarterRows, false);
                    shapes.Add(stride, quarterRows, true);
                }
            }
            return shapes;
        }
    }
}
