#include "fieldscan/theory/trajectory/deep_linear_descent.hpp"

#include <cassert>
#include <cmath>

namespace fieldscan::theory {

Vector gradient_memory(Index steps, double momentum, double pull) {
  Vector memory = Vector::Zero(steps + 1);
  double velocity = 0;
  for (Index t = 0; t < steps; ++t) {
    velocity = momentum * velocity - pull * memory[t] + (t == 0 ? 1.0 : 0.0);
    memory[t + 1] = memory[t] + velocity;
  }
  return memory;
}

namespace linear_fields {

namespace {

/// Of one hidden layer, between two times [steps × steps]; h̃ = Σ_ν Δ_ν h_ν, and ũ likewise.
struct Layer {
  Matrix g_of_r, g_of_u;  ///< ∂g/∂r, ∂g/∂ũ
  Matrix h_of_r, h_of_u;  ///< ∂h̃/∂r, ∂h̃/∂ũ
  Matrix gradient;        ///< ⟨g g⟩
  Matrix mixed;           ///< ⟨g h̃⟩, g at the time of the row
  Matrix forward;         ///< ⟨h̃ h̃⟩

  explicit Layer(Index times) {
    for (Matrix* m : {&g_of_r, &g_of_u, &h_of_r, &h_of_u, &gradient, &mixed, &forward}) *m = Matrix::Zero(times, times);
  }
};

/// Rows at the present time t over the past, of one layer, as coefficients: what stands at point x is x·X/d times them.
struct Row {
  Matrix drive;       ///< of h on g(s): A^{l−1} + e H^{l−1} Δ [P × t]
  Matrix response;    ///< A^l [P × t]
  Matrix covariance;  ///< ⟨h h̃(s)⟩ [P × t]
};

class March {
 public:
  March(const MatrixView& inputs, const VectorView& labels, const DeepLinearDescent& descent, Index steps)
      : inputs_(inputs),
        labels_(labels),
        richness_(descent.richness),
        push_(descent.rate * descent.richness * gradient_memory(steps, descent.momentum, descent.pull)),
        layers_(static_cast<std::size_t>(descent.depth), Layer(steps + 1)),
        rows_(layers_.size()),
        residuals_(labels.size(), steps + 1),
        bare_(Matrix::Zero(steps + 1, steps + 1)) {}

  /// One step further: the outputs at the present time, then all that the next ones need.
  void advance() {
    go_up();
    const Index t = now_;
    residuals_.col(t) = labels_ - inputs_ * coefficients_;
    const Vector weighted = inputs_ * residuals_.col(t);
    bare_.row(t).head(t + 1) = weighted.transpose() * residuals_.leftCols(t + 1);
    for (std::size_t l = 0; l < layers_.size(); ++l) extend_forward(l, weighted);
    for (std::size_t l = layers_.size(); l-- > 0;) extend_backward(l);
    ++now_;
  }
  double residual() const { return residuals_.col(now_ - 1).norm(); }

  /// At the time of the last step.
  DeepLinearState state() const {
    const Index t = now_ - 1;
    DeepLinearState out{.coefficients = coefficients_, .hidden = {}, .tangent = {}};
    Matrix hidden = inputs_;
    out.tangent = hidden * layers_.front().gradient(t, t);
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      const Layer& layer = layers_[l];
      const Row& row = rows_[l];
      const Matrix& below = l == 0 ? past_ : rows_[l - 1].covariance;
      const Matrix noise = below * layer.g_of_u.topLeftCorner(t, t).transpose() * row.drive.transpose();
      const Matrix own = row.drive * layer.gradient.topLeftCorner(t, t) * row.drive.transpose();
      hidden += inputs_ * (noise + noise.transpose() + own) * inputs_;
      out.hidden.push_back(hidden);
      out.tangent += hidden * (l + 1 < layers_.size() ? layers_[l + 1].gradient(t, t) : 1.0);
    }
    return out;
  }

 private:
  /// e(t − s) for s < t.
  Vector pushes() const { return push_.segment(1, now_).reverse(); }
  const Matrix& forward_below(std::size_t l) const { return l == 0 ? bare_ : layers_[l - 1].forward; }
  /// ⟨r(t) r(s)⟩ for s ≤ t: that of g in the layer above.
  Vector gradient_above(std::size_t l) const {
    return l + 1 < layers_.size() ? Vector(layers_[l + 1].gradient.row(now_).head(now_ + 1))
                                  : Vector(Vector::Ones(now_ + 1));
  }

  void go_up() {
    const Index t = now_;
    past_ = residuals_.leftCols(t);
    const Vector push = pushes();
    Matrix response = Matrix::Zero(labels_.size(), t), covariance = past_;
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      const Layer& layer = layers_[l];
      Row& row = rows_[l];
      row.drive = response + covariance * push.asDiagonal();
      row.response = row.drive * layer.g_of_r.topLeftCorner(t, t);
      row.covariance =
          covariance * layer.h_of_u.topLeftCorner(t, t).transpose() + row.drive * layer.mixed.topLeftCorner(t, t);
      response = row.response;
      covariance = row.covariance;
    }
    coefficients_ = (response.rowwise().sum() + covariance * push) / richness_;
  }

  /// h̃(t) of layer l, by its noise and the past of g.
  void extend_forward(std::size_t l, const Vector& weighted) {
    const Index t = now_;
    Layer& layer = layers_[l];
    const Vector drive = rows_[l].drive.transpose() * weighted;
    const Vector below = forward_below(l).row(t).head(t);
    layer.h_of_r.row(t).head(t) = weighted.transpose() * rows_[l].response;
    layer.h_of_u.row(t).head(t) = drive.transpose() * layer.g_of_u.topLeftCorner(t, t);
    layer.h_of_u(t, t) = 1;
    const Vector noise = layer.g_of_u.topLeftCorner(t, t) * below;  // ⟨g(s) ũ(t)⟩
    layer.mixed.col(t).head(t) = noise + layer.gradient.topLeftCorner(t, t) * drive;
    layer.forward.row(t).head(t) = weighted.transpose() * rows_[l].covariance;
    layer.forward.col(t).head(t) = layer.forward.row(t).head(t).transpose();
    layer.forward(t, t) = forward_below(l)(t, t) + drive.dot(noise) + drive.dot(layer.mixed.col(t).head(t));
  }

  /// g(t) of layer l, by its noise and the past of h̃.
  void extend_backward(std::size_t l) {
    const Index t = now_, times = t + 1;
    Layer& layer = layers_[l];
    const Vector above = gradient_above(l);
    Vector drive = pushes().cwiseProduct(above.head(t));
    if (l + 1 < layers_.size()) drive += layers_[l + 1].g_of_u.row(t).head(t).transpose();
    layer.g_of_r.row(t).head(t) = drive.transpose() * layer.h_of_r.topLeftCorner(t, t);
    layer.g_of_r(t, t) = 1;
    layer.g_of_u.row(t).head(t) = drive.transpose() * layer.h_of_u.topLeftCorner(t, t);
    const Vector mixed =
        layer.h_of_r.topLeftCorner(times, times) * above + layer.forward.topLeftCorner(times, t) * drive;
    layer.mixed.row(t).head(times) = mixed.transpose();
    const Vector gradient =
        layer.g_of_r.topLeftCorner(times, times) * above + layer.mixed.topLeftCorner(times, t) * drive;
    layer.gradient.row(t).head(times) = gradient.transpose();
    layer.gradient.col(t).head(times) = gradient;
  }

  Matrix inputs_;
  Vector labels_;
  double richness_;
  Vector push_;  ///< e(τ)
  std::vector<Layer> layers_;
  std::vector<Row> rows_;
  Matrix residuals_;  ///< Δ [P × steps]
  Matrix past_;       ///< its columns before the present one
  Matrix bare_;       ///< Δᵀ(t) H⁰ Δ(s) for s ≤ t
  Vector coefficients_;
  Index now_ = 0;
};

}  // namespace

}  // namespace linear_fields

std::vector<DeepLinearState> deep_linear_descent(const MatrixView& inputs, const VectorView& labels,
                                                 const DeepLinearDescent& descent, const std::vector<std::int64_t>& at,
                                                 double largest) {
  assert(descent.depth >= 1 && descent.richness > 0 && inputs.rows() == labels.size());
  std::vector<DeepLinearState> states;
  if (at.empty()) return states;
  linear_fields::March march(inputs, labels, descent, static_cast<Index>(at.back()));
  std::int64_t done = -1;
  for (const std::int64_t step : at) {
    for (; done < step; ++done) {
      march.advance();
      if (!(march.residual() <= largest * labels.norm())) return states;
    }
    states.push_back(march.state());
  }
  return states;
}

}  // namespace fieldscan::theory
